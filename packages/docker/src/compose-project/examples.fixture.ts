// The examples of docs/compose-project.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import type { MachineConnection } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { ComposeProject, composeFile, hardenedCompose, type PinnedImage } from "../index.ts";

const image: PinnedImage = `registry.example.com/web:1.4@sha256:${"0a".repeat(32)}`;
const connection: MachineConnection = {
  host: "10.220.1.10",
  user: "admin",
  privateKey: pulumi.secret("made up"),
  hostKey: "ssh-ed25519 AAAA",
};

export function start(): ComposeProject {
  const apiKey = pulumi.secret("made up");
  // #region start
  const file = composeFile({
    name: "web",
    services: {
      web: {
        image,
        user: "1000:1000",
        networks: { front: {} },
        volumes: [{ type: "bind", source: "./data/web", target: "/data", bind: { create_host_path: false } }],
        secrets: [{ source: "api-key" }],
        healthcheck: { test: ["CMD", "web", "--healthy"], interval: "10s", timeout: "5s", retries: 3 },
        deploy: { resources: { limits: { cpus: "1", memory: "512m", pids: 128 } } },
      },
    },
    networks: { front: {} },
    secrets: { "api-key": { file: "./secrets/api-key" } },
  });
  const project = new ComposeProject("web", {
    connection,
    file: hardenedCompose(file),
    secrets: { "api-key": apiKey },
  });
  // #endregion
  return project;
}
