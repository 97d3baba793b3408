import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileArbitrary, overlayArbitrary, service } from "./compose.fixture.ts";
import type { ComposeFile, ComposeOverlay } from "./compose-file.ts";
import { mergeCompose } from "./compose-merge.ts";
import type { ComposeService, ComposeServiceOverlay } from "./compose-service.ts";
import { renderCompose } from "./compose-yaml.ts";
import { composeConfig, noCompose } from "./docker-compose.fixture.ts";

const file = (own: Partial<ComposeService> = {}): ComposeFile => ({
  name: "unit",
  services: { web: { ...service, ...own, healthcheck: service.healthcheck, deploy: service.deploy } },
  networks: { front: {} },
  volumes: { a: {}, b: {} },
});
const merged = (own: Partial<ComposeService>, over: ComposeServiceOverlay) =>
  mergeCompose(file(own), { services: { web: over } }).services["web"];

describe("mergeCompose", () => {
  test("changes nothing without an overlay, or with an empty one", () => {
    fc.assert(
      fc.property(fileArbitrary, (one) => {
        expect(mergeCompose(one)).toEqual(one);
        expect(mergeCompose(one, {})).toEqual(one);
      }),
    );
  });

  test("gives the same when an overlay comes twice", () => {
    fc.assert(
      fc.property(fileArbitrary, overlayArbitrary, (one, over) => {
        expect(mergeCompose(one, over, over)).toEqual(mergeCompose(one, over));
      }),
    );
  });

  test("says everything that the overlay says", () => {
    fc.assert(
      fc.property(fileArbitrary, overlayArbitrary, (one, over) => {
        const result = mergeCompose(one, over);
        for (const [name, said] of Object.entries(over.services ?? {})) {
          const { environment = {}, labels = {}, restart, ports = [], volumes = [], command } = said;
          const is = result.services[name];
          expect(is?.environment ?? {}).toMatchObject(environment);
          expect(is?.labels ?? {}).toMatchObject(labels);
          expect(is?.ports ?? []).toEqual(expect.arrayContaining([...ports]));
          expect(is?.volumes ?? []).toEqual(expect.arrayContaining([...volumes]));
          if (restart !== undefined) expect(is?.restart).toBe(restart);
          if (command !== undefined) expect(is?.command).toEqual(command);
        }
      }),
    );
  });

  test("merges maps, and takes single values from the overlay", () => {
    expect(
      merged(
        { environment: { A: "1", B: "2" }, restart: "no" },
        { environment: { B: "3" }, restart: "always" },
      ),
    ).toMatchObject({ environment: { A: "1", B: "3" }, restart: "always" });
    expect(
      merged({}, { deploy: { resources: { limits: { memory: "1g" } } } })?.deploy.resources.limits,
    ).toEqual({
      cpus: "0.5",
      memory: "1g",
      pids: 64,
    });
  });

  test("replaces commands and a health check's test", () => {
    expect(
      merged({ command: ["a", "b"] }, { command: ["c"], healthcheck: { test: ["CMD", "false"] } }),
    ).toMatchObject({ command: ["c"], healthcheck: { test: ["CMD", "false"], interval: "10s" } });
  });

  test("keeps one mount for each target, where the first one was", () => {
    const mount = (source: string, target: string) => ({ type: "volume" as const, source, target });
    expect(
      merged({ volumes: [mount("a", "/x"), mount("a", "/y")] }, { volumes: [mount("b", "/x")] })?.volumes,
    ).toEqual([mount("b", "/x"), mount("a", "/y")]);
  });

  test("keeps one port for each address, port and protocol", () => {
    const port = { target: 80, published: "80", host_ip: "0.0.0.0" };
    const udp = { ...port, protocol: "udp" as const };
    expect(merged({ ports: [port] }, { ports: [{ ...port, protocol: "tcp" }, udp] })?.ports).toEqual([
      { ...port, protocol: "tcp" },
      udp,
    ]);
  });

  test("keeps the options of the same log driver, and those of no other", () => {
    const json = { driver: "json-file" as const };
    expect(
      merged({ logging: { ...json, options: { a: "1" } } }, { logging: { ...json, options: { b: "2" } } })
        ?.logging,
    ).toEqual({ ...json, options: { a: "1", b: "2" } });
    expect(
      merged({ logging: { ...json, options: { a: "1" } } }, { logging: { driver: "journald" } })?.logging,
    ).toEqual({ driver: "journald" });
  });

  test("fails when an overlay has half a service, or names what is not there", () => {
    const half: ComposeOverlay = { services: { other: { restart: "always" } } };
    expect(() => mergeCompose(file(), half)).toThrow(/services\.other\.image/);
    expect(() => merged({}, { networks: { back: {} } })).toThrow(/names "back"/);
  });
});

/** Compose 2.26 refuses an empty list of them below an overlay. */
const withoutEmptySecurityOptions = ({ services, ...rest }: ComposeFile): ComposeFile => ({
  ...rest,
  services: Object.fromEntries(
    Object.entries(services).map(([name, { security_opt = [], ...service }]) => [
      name,
      { ...service, ...(security_opt.length > 0 && { security_opt }) },
    ]),
  ),
});

/** Compose refuses a file and an overlay that both have the same one, up to 2.40 at least. */
const withoutSecurityOptions = ({ services = {}, ...rest }: ComposeOverlay): ComposeOverlay => ({
  ...rest,
  services: Object.fromEntries(
    Object.entries(services).map(([name, { security_opt: _, ...service }]) => [name, service]),
  ),
});

describe("docker compose config", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "compose-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, one: ComposeFile | ComposeOverlay): string => {
    writeFileSync(join(folder, name), renderCompose(one));
    return name;
  };

  test("makes of a file and an overlay what mergeCompose makes", ({ skip }) => {
    if (noCompose !== undefined) return skip(noCompose);
    const files = fileArbitrary.map(withoutEmptySecurityOptions);
    const overlays = overlayArbitrary.map(withoutSecurityOptions);
    fc.assert(
      fc.property(files, overlays, (one, over) => {
        const theirs = composeConfig(folder, [write("base.yaml", one), write("over.yaml", over)]);
        const ours = composeConfig(folder, [write("merged.yaml", mergeCompose(one, over))]);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 120_000);
});
