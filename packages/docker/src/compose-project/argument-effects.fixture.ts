import type { MachineArgumentEffects } from "../argument-effects.fixture.ts";
import { service } from "../compose/compose.fixture.ts";
import type { ComposeFile } from "../compose/compose-file.ts";
import { hardenedCompose } from "../compose/hardened-compose.ts";
import { ComposeProject, type ComposeProjectArgs } from "./compose-project.ts";

const file: ComposeFile = {
  name: "web",
  services: { web: { ...service, secrets: [{ source: "key" }] } },
  networks: { front: {} },
  secrets: { key: { file: "./secrets/key" } },
};
const connection = { host: "10.220.1.10", user: "admin", privateKey: "KEY", hostKey: "ssh-ed25519 AAAA" };

/** The table of docs/compose-project.md. */
export const argumentEffects: MachineArgumentEffects<ComposeProjectArgs> = {
  base: { connection, file: hardenedCompose(file), secrets: { key: "one" } },
  create: (args, options) => new ComposeProject("unit", args, options),
  changes: {
    connection: { to: { ...connection, user: "root" }, touches: ["setup"] },
    file: {
      to: hardenedCompose(file, { services: { web: { environment: { A: "1" } } } }),
      touches: ["setup"],
    },
    secrets: { to: { key: "two" }, touches: ["setup"] },
    folder: { to: "/srv/web", touches: ["setup"] },
    beforeUp: { to: "compose pull", touches: ["setup"] },
    waitSeconds: { to: 600, touches: ["setup"] },
    dataGoesWithIt: { to: { reason: "a test environment" }, touches: ["setup"] },
  },
};
