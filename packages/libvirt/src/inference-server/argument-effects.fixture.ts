import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { InferenceServer, type InferenceServerArgs } from "./inference-server.ts";

const connection = {
  host: "10.220.1.20",
  user: "agent",
  privateKey: "PRIVATE KEY",
  hostKey: "ssh-ed25519 AAAA",
};
const sha256 = "a".repeat(64);

/** The table of docs/inference-server.md. */
export const argumentEffects: ArgumentEffects<InferenceServerArgs> = {
  base: {
    connection,
    address: "10.220.1.20",
    network: "10.220.1.0/24",
    ollama: { version: "0.13.0", sha256 },
  },
  create: (args, options) => new InferenceServer("unit", args, options),
  changes: {
    connection: [
      { to: { ...connection, user: "ops" }, effect: { updates: ["firewall", "server"] } },
      { to: { ...connection, host: "10.220.1.21" }, effect: { replaces: ["firewall", "server"] } },
    ],
    address: [
      { to: "10.220.1.21", effect: { updates: ["server"] } },
      { to: "0.0.0.0", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    network: { to: "10.0.0.0/8", effect: { updates: ["firewall"] } },
    ollama: [
      { to: { version: "0.14.0", sha256 }, effect: { updates: ["server"] } },
      { to: { version: "0.14.0", sha256: "" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    models: [
      { to: [{ name: "llama3:8b", digest: sha256 }], effect: { updates: ["server"] } },
      { to: [{ name: "llama3", digest: sha256 }], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    gpus: { to: 2, effect: { updates: ["server"] } },
    driverPackages: { to: ["nvidia-driver-550-server"], effect: { updates: ["server"] } },
    port: { to: 12_000, effect: { updates: ["firewall", "server"] } },
    firewall: { to: [{ purpose: "SSH", from: "10.0.0.0/8", port: 22 }], effect: { updates: ["firewall"] } },
  },
};
