import { serveProvider } from "@groundplane/provider/service";
import { SetupProvider } from "./provider/setup-provider.ts";
import { providerService } from "./wire/provider-service.ts";

// Started by the engine. When it ends, what runs on machines ends with the connections to them.
await serveProvider("groundplane-machine", () => providerService(new SetupProvider()));
