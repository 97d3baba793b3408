import { execFile, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { missingPrograms } from "../missing-programs.ts";
import { POSTGRES_BIN, PROGRAMS } from "./engine-images.ts";
import { cgroupOf } from "./engine-machine.ts";

const WORKER = fileURLToPath(new URL("mattermost-on-engine.worker.ts", import.meta.url));

/** Why there can be no engine of our own here; undefined when there can. */
function cannot(): string | undefined {
  if (process.getuid?.() !== 0) return "this needs root, for an engine in namespaces of its own";
  const missing = missingPrograms({
    ...{ dockerd: "docker.io", containerd: "containerd", runc: "runc", "iptables-restore": "iptables" },
    ...{ sshd: "openssh-server", "ssh-keygen": "openssh-client", systemctl: "systemd", ip: "iproute2" },
    ...{ unshare: "util-linux", flock: "util-linux", python3: "python3", ldd: "libc-bin" },
  });
  if (missing !== undefined) return missing;
  if (spawnSync("docker", ["compose", "version"]).status !== 0)
    return "there is no docker with the compose plugin here (.ci/run installs both on Debian)";
  if (POSTGRES_BIN === undefined) return "there is no PostgreSQL server here (Debian: postgresql)";
  return PROGRAMS.every((path) => existsSync(path))
    ? undefined
    : `not all of ${PROGRAMS.join(", ")} are here`;
}

const reason = cannot();
let folder = "";
const tokensSchema = z.record(z.string(), z.string());
const seenSchema = z.object({
  ...{ lookedAt: z.unknown(), deployed: z.unknown(), inspected: z.unknown(), inSight: z.unknown() },
  ...{ writes: z.unknown(), network: z.unknown(), answers: z.unknown(), unchanged: z.unknown() },
  ...{ upgraded: z.unknown(), rotated: z.unknown(), stopped: z.unknown(), mended: z.unknown() },
  ...{ earlierRelease: z.unknown(), left: z.unknown(), back: z.unknown() },
  before: z.object({ tokens: tokensSchema, postgres: z.string(), mattermost: z.string() }),
  newToken: z.object({ said: z.string(), tokens: tokensSchema }),
  restored: z.object({
    ...{ status: z.number(), stderr: z.string(), message: z.string(), checks: z.unknown() },
    tokens: tokensSchema,
  }),
});
let seen: z.infer<typeof seenSchema>;

/**
 * MattermostHost on a real engine with the real compose, a real PostgreSQL and a real iptables, in namespaces that end with
 * it. The images hold this machine's own programs, and are pulled by digest; Mattermost itself is stood in for.
 */
describe("MattermostHost on an engine", () => {
  beforeAll(async () => {
    if (reason !== undefined) return;
    folder = mkdtempSync(join(tmpdir(), "engine"));
    const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    await promisify(execFile)("unshare", [...namespaces, process.execPath, WORKER, folder], {
      timeout: 600_000,
      maxBuffer: 64 << 20,
    });
    seen = seenSchema.parse(JSON.parse(readFileSync(join(folder, "seen.json"), "utf8")));
  });
  afterAll(() => {
    if (folder === "") return;
    rmSync(folder, { recursive: true, force: true });
    // In each hierarchy of version 1, and in the one of version 2; those of containers first, which an end by force leaves.
    for (const root of ["/sys/fs/cgroup", "/sys/fs/cgroup/*"])
      for (const path of globSync(`${root}/${cgroupOf(folder)}{/**/,}`)
        .toSorted()
        .toReversed())
        rmdirSync(path);
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

  inEngine("is looked at before a deployment, over SSH", () => {
    expect(seen.lookedAt).toMatchObject([[{ problem: "Docker Engine does not answer" }], []]);
  });

  inEngine("answers the checks of its stack, which see when it stopped", () => {
    const check = "Mattermost answers its ping";
    expect(seen.answers).toEqual([
      { [check]: "ok" },
      { [check]: expect.stringContaining("http://10.220.1.10:8065 does not answer a ping from here") },
    ]);
  });

  inEngine("is left alone by a deployment with nothing new", () => {
    expect(seen.unchanged).toEqual(seen.before);
  });

  inEngine(
    "takes a later release by its digest, on the database as it runs, with a backup from before",
    () => {
      const { postgres: database, tokens } = seen.before;
      expect(seen.upgraded).toEqual({
        refused: expect.stringMatching(
          /^1 there can be no backup from before \S+: Mattermost runs as before;/,
        ),
        versions: ["9.5.1", "9.5.2"],
        // That one, and the one of the deployment itself.
        backups: 2,
        ...{ checks: allOk, tokens, message: "before", database },
      });
    },
  );

  inEngine("takes a new password of its database, and keeps accounts", () => {
    const tokens = seen.before.tokens;
    expect(seen.rotated).toEqual({ checks: allOk, old: false, new: true, inSight: [], tokens });
  });

  inEngine("makes a bot's token anew on the machine, and no other", () => {
    expect(seen.newToken.said).toBe("athena has a new token: /opt/mattermost/tokens/athena");
    const { athena, "athena.id": id, ...others } = seen.newToken.tokens;
    expect(seen.before.tokens).toMatchObject(others);
    for (const one of [athena, id]) expect(Object.values(seen.before.tokens)).not.toContain(one);
  });

  inEngine("goes back to a backup, and tokens that were revoked since do not come back", () => {
    expect(seen.restored).toMatchObject({ status: 0, message: "before", checks: every(true) });
    const { athena, apollo } = seen.restored.tokens;
    expect([seen.before.tokens["athena"], seen.newToken.tokens["athena"]]).not.toContain(athena);
    expect(apollo).toBe(seen.before.tokens["apollo"]);
  });

  inEngine("shows a service that stopped, and brings it back", () => {
    expect(seen.stopped).toEqual({ ...every(true), "project-setup": false, accounts: false });
    expect(seen.mended).toEqual(every(true));
  });

  inEngine("goes back to an earlier release, on the backup from before the later one", () => {
    const token = seen.before.tokens["apollo"];
    expect(seen.earlierRelease).toEqual({ checks: allOk, version: "9.5.1", message: "before", token });
  });

  inEngine("is deployed again on what it left", () => {
    const tokens = ["apollo", "apollo.id", "athena", "athena.id"];
    expect(seen.back).toEqual({ checks: allOk, message: "before", tokens });
  });

  inEngine("leaves nothing but data and backups", () => {
    expect(seen.left).toEqual({
      containers: "",
      networks: ["bridge", "host", "none"],
      chains: false,
      folders: ["admin", "backups", "bin", "data", "run", "secrets"],
      data: ["bleve-indexes", "client-plugins", "config", "files", "logs", "plugins", "postgres"],
      backups: 8,
    });
  });
});
