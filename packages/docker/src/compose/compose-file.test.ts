import { describe, expect, test } from "vitest";
import { image, service } from "./compose.fixture.ts";
import { composeFile } from "./compose-file.ts";

const base = { name: "unit", networks: { front: {} } } as const;
const { healthcheck, deploy } = service;
const whole = { image, user: "1000:1000", networks: { front: {} }, healthcheck, deploy } as const;
/** As a caller without types has it. */
const untyped = (own: object): typeof whole => Object.assign(structuredClone(whole), own);
const withService = (own: object) => () => composeFile({ ...base, services: { web: untyped(own) } });

describe("composeFile", () => {
  test("returns what it was given", () => {
    expect(composeFile({ ...base, services: { web: whole } })).toEqual({ ...base, services: { web: whole } });
  });

  test("takes names that are there", () => {
    const file = composeFile({
      ...base,
      services: {
        web: {
          ...whole,
          depends_on: { db: { condition: "service_healthy" } },
          volumes: [{ type: "volume", source: "cache", target: "/cache" }],
          secrets: [{ source: "key" }],
        },
        db: whole,
      },
      volumes: { cache: {} },
      secrets: { key: { file: "./secrets/key" } },
    });
    expect(Object.keys(file.services)).toEqual(["web", "db"]);
  });

  // Each must not compile: without the error that is expected, the types' check fails.
  test("does not compile, and fails when called all the same, with", () => {
    const { image: _, ...noImage } = whole;
    const { healthcheck: _h, ...noHealthcheck } = whole;
    const { deploy: _d, ...noLimits } = whole;
    const { user: _u, ...noUser } = whole;
    const healthy = { condition: "service_healthy" } as const;
    const anywhere = { target: 80, published: "80" };
    const refused: readonly (() => unknown)[] = [
      // @ts-expect-error an image without a digest
      () => composeFile({ ...base, services: { web: { ...whole, image: "nginx:1.29" } } }),
      // @ts-expect-error no image
      () => composeFile({ ...base, services: { web: noImage } }),
      // @ts-expect-error no health check
      () => composeFile({ ...base, services: { web: noHealthcheck } }),
      // @ts-expect-error no limits
      () => composeFile({ ...base, services: { web: noLimits } }),
      // @ts-expect-error no user
      () => composeFile({ ...base, services: { web: noUser } }),
      // @ts-expect-error a user by name
      () => composeFile({ ...base, services: { web: { ...whole, user: "root" } } }),
      // @ts-expect-error a network that is not there
      () => composeFile({ ...base, services: { web: { ...whole, networks: { back: {} } } } }),
      // @ts-expect-error a service that is not there
      () => composeFile({ ...base, services: { web: { ...whole, depends_on: { db: healthy } } } }),
      // @ts-expect-error a secret that is not there
      () => composeFile({ ...base, services: { web: { ...whole, secrets: [{ source: "key" }] } } }),
      // @ts-expect-error the host's network
      () => composeFile({ ...base, services: { web: { ...whole, network_mode: "host" } } }),
      // @ts-expect-error every privilege
      () => composeFile({ ...base, services: { web: { ...whole, privileged: true } } }),
      // @ts-expect-error a capability that reaches the host
      () => composeFile({ ...base, services: { web: { ...whole, cap_add: ["SYS_ADMIN"] } } }),
      // @ts-expect-error a port that does not say where it listens
      () => composeFile({ ...base, services: { web: { ...whole, ports: [anywhere] } } }),
    ];
    for (const create of refused) expect(create).toThrow(/the compose file is not valid/);
  });

  test.each([
    ["root", { user: "0:0" }, "user: give a numeric user"],
    ["root's group", { user: "1000:0" }, "user: give a numeric user"],
    ["a digest that is none", { image: "nginx@sha256:abc" }, "image: name the image by its digest"],
    ["a secret in a variable", { environment: { DB_PASSWORD: "x" } }, "a secret is no variable"],
    [
      "two ports in one",
      { ports: [{ target: 80, published: "80-90", host_ip: "0.0.0.0" }] },
      "give one port",
    ],
    ["an unknown field", { pid: "host" }, "Unrecognized key"],
    [
      "a limit of nothing",
      { deploy: { resources: { limits: { cpus: "0", memory: "1g", pids: 1 } } } },
      "cpus: give such as",
    ],
  ])("fails when a service has %s", (_, own, message) => {
    expect(withService(own)).toThrow(message);
  });

  test("takes a file that holds a secret for one", () => {
    expect(withService({ environment: { DB_PASSWORD_FILE: "/run/secrets/db" } })).not.toThrow();
  });

  test.each([
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/srv/engine.sock",
    "./docker.sock",
    "/",
    "/var",
    "/etc",
    "/etc/shadow",
    "/proc/1",
    "/sys/",
    "/var/lib/docker/volumes",
    "/srv/../etc",
    "./../x",
    "relative",
    "/srv/a b",
    "/srv/$HOME",
  ])("fails when a service mounts %s", (source) => {
    expect(
      withService({ volumes: [{ type: "bind", source, target: "/x", bind: { create_host_path: false } }] }),
    ).toThrow(/services\.web\.volumes\.0\.source/);
  });

  test.each(["./data", "/srv/data", "/opt/app/data", "/var/lib/app"])("takes a mount of %s", (source) => {
    expect(
      withService({ volumes: [{ type: "bind", source, target: "/x", bind: { create_host_path: false } }] }),
    ).not.toThrow();
  });
});
