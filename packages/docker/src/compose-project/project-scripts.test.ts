import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { service } from "../compose/compose.fixture.ts";
import { composeFile } from "../compose/compose-file.ts";
import { hardenedCompose } from "../compose/hardened-compose.ts";
import { planComposeProject } from "./project-plan.ts";

const { image, healthcheck, deploy } = service;
const file = hardenedCompose(
  composeFile({
    name: "web",
    services: {
      web: {
        image,
        user: "1000:1001",
        networks: { front: {} },
        healthcheck,
        deploy,
        secrets: [{ source: "key" }],
        volumes: [{ type: "bind", source: "./data/web", target: "/data", bind: { create_host_path: false } }],
      },
    },
    networks: { front: {} },
    secrets: { key: { file: "./secrets/key" } },
  }),
);

/** An engine that writes down what it is asked for, and says what `answers` has. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$ROOT/calls"
[ "$1 $2" = "compose version" ] && exit "$(cat "$ROOT/version" 2>/dev/null || echo 0)"
[ "$1" = inspect ] && { cat "$ROOT/state"; exit 0; }
shift 5
case "$1" in
  ps) cat "$ROOT/container" 2>/dev/null ;;
  up) exit "$(cat "$ROOT/up" 2>/dev/null || echo 0)" ;;
esac
exit 0
`;

describe("the scripts of a compose project", () => {
  let root: string;
  let folder: string;
  const plan = (
    own: { readonly beforeUp?: string; readonly dataGoesWithIt?: { readonly reason: string } } = {},
  ) => planComposeProject({ file, secretNames: ["key"], folder, ...own });
  beforeEach(({ skip }) => {
    if (process.getuid?.() !== 0) return skip("this needs root, as the scripts on a machine have it");
    root = mkdtempSync(join(tmpdir(), "project"));
    folder = join(root, "web");
    mkdirSync(join(folder, "secrets"), { recursive: true });
    mkdirSync(join(root, "path"));
    writeFileSync(join(root, "path/docker"), DOCKER, { mode: 0o755 });
    writeFileSync(join(folder, "secrets/key"), "CANARY");
    writeFileSync(join(folder, "compose.yaml"), plan().composeText);
  });
  afterEach(() => {
    if (process.getuid?.() === 0) rmSync(root, { recursive: true, force: true });
  });

  function run(script: string) {
    rmSync(join(root, "calls"), { force: true });
    const { status, stderr } = spawnSync("sh", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, ROOT: root, PATH: `${join(root, "path")}:${process.env["PATH"]}` },
    });
    const calls = existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8") : "";
    const asked = calls.replaceAll(
      `compose --project-directory ${folder} --file ${folder}/compose.yaml `,
      "",
    );
    return { status, stderr, calls: asked.trim().split("\n").filter(Boolean) };
  }
  const up = "up --detach --wait --wait-timeout 300 --remove-orphans";

  test("setup makes data folders for their users, and brings the services up", () => {
    expect(run(plan().setup)).toEqual({
      status: 0,
      stderr: "",
      calls: ["compose version", "config --quiet", `${up} --force-recreate`],
    });
    const { uid, gid, mode } = statSync(join(folder, "data/web"));
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: 1000, gid: 1001, mode: 0o700 });
    expect(statSync(join(folder, "secrets")).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, ".secrets-in-force")).mode & 0o777).toBe(0o600);
  });

  test("setup leaves running containers alone the second time, and makes them anew for a new secret", () => {
    run(plan().setup);
    expect(run(plan().setup).calls.at(-1)).toBe(up);
    writeFileSync(join(folder, "secrets/key"), "CANARY-2");
    expect(run(plan().setup).calls.at(-1)).toBe(`${up} --force-recreate`);
    expect(run(plan().setup).calls.at(-1)).toBe(up);
  });

  test("setup holds a new secret for not in force when services do not come up", () => {
    writeFileSync(join(root, "up"), "1");
    expect(run(plan().setup).status).toBe(1);
    rmSync(join(root, "up"));
    expect(run(plan().setup).calls.at(-1)).toBe(`${up} --force-recreate`);
  });

  test("setup runs what comes before up, and stops when it fails", () => {
    const { calls } = run(plan({ beforeUp: "compose pull" }).setup);
    expect(calls.slice(-2)).toEqual(["pull", `${up} --force-recreate`]);
    const failed = run(plan({ beforeUp: "false" }).setup);
    expect([failed.status, failed.calls.at(-1)]).toEqual([1, "config --quiet"]);
  });

  test("setup fails in words when there is no compose", () => {
    writeFileSync(join(root, "version"), "1");
    const { status, stderr, calls } = run(plan().setup);
    expect({ status, calls }).toEqual({ status: 1, calls: ["compose version"] });
    expect(stderr).toContain("install Docker Engine and its compose plugin");
  });

  test("reset takes the services down, and leaves the data", () => {
    run(plan().setup);
    expect(run(plan().reset).calls).toEqual(["down --remove-orphans --timeout 60"]);
    expect(existsSync(join(folder, "data/web"))).toBe(true);
    expect(existsSync(join(folder, ".secrets-in-force"))).toBe(false);
  });

  test("reset takes the data, too, when there is a reason", () => {
    run(plan().setup);
    const { calls } = run(plan({ dataGoesWithIt: { reason: "a test" } }).reset);
    expect(calls).toEqual(["down --remove-orphans --timeout 60 --volumes"]);
    expect(existsSync(join(folder, "data/web"))).toBe(false);
  });

  test("check wants each service healthy, with its image", () => {
    expect(run(plan().check)).toMatchObject({ status: 1, stderr: "web: there is no container\n" });
    writeFileSync(join(root, "container"), "abc\n");
    writeFileSync(join(root, "state"), `running healthy ${image}\n`);
    expect(run(plan().check)).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(join(root, "state"), `running unhealthy ${image}\n`);
    expect(run(plan().check)).toMatchObject({ status: 1, stderr: `web: is running unhealthy ${image}\n` });
    writeFileSync(join(root, "state"), "running healthy other:1\n");
    expect(run(plan().check).status).toBe(1);
  });
});
