import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { POSTGRES_BIN, PROGRAMS } from "./engine-images.ts";

const WORKER = fileURLToPath(new URL("mattermost-on-engine.worker.ts", import.meta.url));

/** Why there can be no engine of our own here; undefined when there can. */
function cannot(): string | undefined {
  if (process.getuid?.() !== 0) return "this needs root, for an engine in namespaces of its own";
  const missing = [
    "dockerd",
    "containerd",
    "runc",
    "iptables-restore",
    "ip",
    "unshare",
    "python3",
    "flock",
    "ldd",
  ].find((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  if (missing !== undefined) return `there is no ${missing} here`;
  if (spawnSync("docker", ["compose", "version"]).status !== 0)
    return "there is no docker with the compose plugin here";
  if (POSTGRES_BIN === undefined) return "there is no PostgreSQL server here (Debian: postgresql)";
  return PROGRAMS.every((path) => existsSync(path))
    ? undefined
    : `not all of ${PROGRAMS.join(", ")} are here`;
}

const reason = cannot();
let folder = "";
const seenSchema = z.object({
  ...{ deployed: z.unknown(), inspected: z.unknown(), inSight: z.unknown(), writes: z.unknown() },
  ...{ network: z.unknown(), unchanged: z.unknown(), rotated: z.unknown(), restored: z.unknown() },
  ...{ stopped: z.unknown(), mended: z.unknown(), left: z.unknown() },
  before: z.object({
    tokens: z.record(z.string(), z.string()),
    postgres: z.string(),
    mattermost: z.string(),
  }),
});
let seen: z.infer<typeof seenSchema>;

/**
 * MattermostHost on a real engine with the real compose, a real PostgreSQL and a real iptables, in namespaces that end with
 * it. The images hold this machine's own programs, and are pulled by digest; Mattermost itself is stood in for.
 */
describe("MattermostHost on an engine", () => {
  beforeAll(() => {
    if (reason !== undefined) return;
    folder = mkdtempSync(join(tmpdir(), "engine"));
    const { status, stderr } = spawnSync(
      "unshare",
      [
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        process.execPath,
        WORKER,
        folder,
      ],
      { encoding: "utf8", timeout: 600_000, maxBuffer: 64 << 20 },
    );
    if (status !== 0) throw new TypeError(`the worker ended with ${status}: ${stderr.slice(-4000)}`);
    seen = seenSchema.parse(JSON.parse(readFileSync(join(folder, "seen.json"), "utf8")));
  });
  afterAll(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });
  const inEngine = (name: string, check: () => void) =>
    test(name, ({ skip }) => {
      if (reason !== undefined) return skip(reason);
      check();
    });
  const ok = "as it should be";
  const allOk = { "published-ports": ok, "project-setup": ok, accounts: ok, backup: ok };
  const every = (value: boolean) => ({
    "published-ports": value,
    "project-setup": value,
    accounts: value,
    backup: value,
  });

  inEngine("comes up healthy, with accounts and a first backup", () => {
    expect(seen.deployed).toEqual(allOk);
    expect(Object.keys(seen.before.tokens).toSorted()).toEqual([
      "apollo",
      "apollo.id",
      "athena",
      "athena.id",
    ]);
    for (const token of Object.values(seen.before.tokens)) expect(token).toMatch(/^600 \S{26}$/);
  });

  inEngine("runs hardened", () => {
    const host = (memory: number, pids: number) => ({
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Memory: memory * 2 ** 30,
      NanoCpus: 2_000_000_000,
      PidsLimit: pids,
      Privileged: false,
      RestartPolicy: { Name: "unless-stopped" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "5" } },
    });
    expect(seen.inspected).toEqual([
      { Config: { User: "999:999" }, HostConfig: host(1, 256) },
      { Config: { User: "2000:2000" }, HostConfig: host(2, 512) },
    ]);
    expect(seen.writes).toEqual([false, false]);
  });

  inEngine("shows its secrets to nobody who looks around", () => {
    expect(seen.inSight).toEqual([]);
  });

  inEngine("is open to its network alone, and its database has no way out", () => {
    expect(seen.network).toEqual({ client: true, outsider: false, mattermost: true, database: false });
  });

  inEngine("is left alone by a deployment with nothing new", () => {
    expect(seen.unchanged).toEqual(seen.before);
  });

  inEngine("takes a new password of its database, and keeps accounts", () => {
    expect(seen.rotated).toEqual({ checks: allOk, old: false, new: true, tokens: seen.before.tokens });
  });

  inEngine("goes back to a backup", () => {
    expect(seen.restored).toMatchObject({ status: 0, message: "before", checks: every(true) });
  });

  inEngine("shows a service that stopped, and brings it back", () => {
    expect(seen.stopped).toEqual({ ...every(true), "project-setup": false, accounts: false });
    expect(seen.mended).toEqual(every(true));
  });

  inEngine("leaves nothing but data and backups", () => {
    expect(seen.left).toEqual({
      containers: "",
      networks: ["bridge", "host", "none"],
      chains: false,
      folders: ["admin", "backups", "bin", "data", "run", "secrets"],
      data: ["bleve-indexes", "client-plugins", "config", "files", "logs", "plugins", "postgres"],
      backups: 5,
    });
  });
});
