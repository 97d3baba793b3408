import { flushCompileCache } from "node:module";
import { GroundplaneError } from "@groundplane/contracts";
import { serveProvider } from "@groundplane/provider/service";
import { Catalog } from "./catalog/catalog.ts";
import { CLOUDS } from "./cloud-list.ts";
import { FaultGate } from "./provider/fault-gate.ts";
import { SandboxProvider } from "./provider/provider.ts";
import { SandboxStore } from "./store/store.ts";
import { announce } from "./wire/announce.ts";
import { providerService } from "./wire/service.ts";

// Started by the engine as `plugin.js <cloud> [engine address]`; prints the port it serves on, as every plugin does.
const [name = "", engineAddress = ""] = process.argv.slice(2);
const cloud = Object.values(CLOUDS).find((one) => one.name === name);
if (cloud === undefined)
  throw new GroundplaneError(
    "SANDBOX_INVALID",
    `"${name}" is no cloud of the sandbox: ${Object.keys(CLOUDS).join(", ")}`,
  );

let announced = false;

await serveProvider("sandbox", () => {
  const catalog = new Catalog(cloud.catalogFile);
  return providerService({
    version: catalog.version,
    engineAddress,
    open: () => {
      const path = process.env["GROUNDPLANE_SANDBOX_DB"];
      if (path === undefined || path === "")
        throw new GroundplaneError(
          "SANDBOX_INVALID",
          "GROUNDPLANE_SANDBOX_DB is not set: give it the path of the sandbox's database file, which is made if it is not there",
        );
      const store = SandboxStore.open(path);
      return { provider: new SandboxProvider(cloud, catalog, store), gate: new FaultGate(store) };
    },
    announce: (address) => {
      if (announced) return;
      announced = true;
      announce(
        address,
        `sandbox: ${cloud.name} is a sandbox in "${process.env["GROUNDPLANE_SANDBOX_DB"]}"; nothing of a real cloud is read or changed`,
      );
    },
  });
});
// The engine ends its plugins by force: what Node compiled would be kept for the next start only at a normal end.
flushCompileCache();
