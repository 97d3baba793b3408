// The examples of docs/compose-file.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import {
  composeFile,
  developmentOverlay,
  hardenedCompose,
  mergeCompose,
  type PinnedImage,
  renderCompose,
} from "../index.ts";

const image: PinnedImage = `nginxinc/nginx-unprivileged:1.29@sha256:${"0a".repeat(32)}`;

export function start() {
  // #region start
  const file = composeFile({
    name: "web",
    services: {
      web: {
        image,
        user: "101:101",
        networks: { front: {} },
        ports: [{ target: 8080, published: "80", host_ip: "0.0.0.0" }],
        volumes: [{ type: "tmpfs", target: "/tmp", tmpfs: { size: "16m", mode: 0o1777 } }],
        healthcheck: {
          test: ["CMD", "curl", "-fsS", "http://localhost:8080/"],
          interval: "10s",
          timeout: "5s",
          retries: 3,
        },
        deploy: { resources: { limits: { cpus: "0.5", memory: "128m", pids: 64 } } },
      },
    },
    networks: { front: {} },
  });
  // #endregion
  return file;
}

export function overlays() {
  const file = start();
  // #region overlays
  // On a machine: compose.yaml with the overlays of production and security.
  const production = renderCompose(hardenedCompose(file));
  // On a developer's computer: the sources in place, and a port for this computer alone.
  const development = renderCompose(
    mergeCompose(
      file,
      developmentOverlay(file, {
        publish: { web: [8080] },
        sources: { web: { "./site": "/usr/share/nginx/html" } },
      }),
    ),
  );
  // #endregion
  return [production, development];
}
