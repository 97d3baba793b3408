import { describe, expect, test } from "vitest";
import { service } from "./compose.fixture.ts";
import type { ComposeFile, ComposeOverlay } from "./compose-file.ts";
import { mergeCompose } from "./compose-merge.ts";
import { developmentOverlay, productionOverlay, securityOverlay } from "./compose-overlays.ts";
import { type HardenedComposeFile, hardenedCompose } from "./hardened-compose.ts";

const file: ComposeFile = { name: "unit", services: { web: service, db: service }, networks: { front: {} } };

describe("hardenedCompose", () => {
  test("adds what production and security need, to every service", () => {
    const hard = {
      ...service,
      restart: "unless-stopped",
      logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    };
    expect(hardenedCompose(file)).toEqual({ ...file, services: { web: hard, db: hard } });
  });

  test("is the file with both overlays", () => {
    expect(hardenedCompose(file)).toEqual(mergeCompose(file, productionOverlay(file), securityOverlay(file)));
  });

  test("has no way around: what an overlay loosens is tightened again", () => {
    const loose: ComposeOverlay = {
      services: { web: { read_only: false, restart: "no", logging: { driver: "journald" } } },
    };
    expect(hardenedCompose(file, loose)).toEqual(hardenedCompose(file));
  });

  test("is needed: a plain file does not compile as one", () => {
    // @ts-expect-error services of a plain file may be written to
    const hardened: HardenedComposeFile = file;
    expect(hardened).toBe(file);
  });
});

describe("developmentOverlay", () => {
  test("publishes on the loopback address alone, and mounts sources", () => {
    const overlay = developmentOverlay(file, {
      publish: { db: [5432] },
      sources: { web: { "./src": "/app/src" } },
      environment: { web: { LOG_LEVEL: "debug" } },
    });
    expect(overlay).toEqual({
      services: {
        web: {
          restart: "no",
          volumes: [{ type: "bind", source: "./src", target: "/app/src", bind: { create_host_path: false } }],
          environment: { LOG_LEVEL: "debug" },
        },
        db: { restart: "no", ports: [{ target: 5432, published: "5432", host_ip: "127.0.0.1" }] },
      },
    });
    expect(Object.keys(mergeCompose(file, overlay).services)).toEqual(["web", "db"]);
  });

  test("fails when it names a service that is not there", () => {
    expect(() => developmentOverlay(file, { publish: { other: [80] } })).toThrow(/other/);
  });
});
