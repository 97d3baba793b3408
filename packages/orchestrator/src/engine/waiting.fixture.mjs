// Waits for one message, as the engine's child does.
process.once("message", () => process.exit(0));
