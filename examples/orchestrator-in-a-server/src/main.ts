import type { AddressInfo } from "node:net";
import { loadProject } from "@groundplane/orchestrator";
import { Actors } from "./actors.ts";
import { createDeploymentServer } from "./server.ts";

const tokens = process.env["DEPLOY_TOKENS"];
if (tokens === undefined) {
  console.error(`set DEPLOY_TOKENS: export DEPLOY_TOKENS='{ "<a token of 16 characters or more>": "ada" }'`);
  process.exit(64);
}

const { server, close } = await createDeploymentServer(await loadProject(), new Actors(tokens));
// Loopback only: there is no TLS here.
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    console.log("cancelling what is under way");
    close().then(() => process.exit(0));
  });
}
