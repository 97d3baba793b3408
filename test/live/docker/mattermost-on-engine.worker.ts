// Runs in namespaces of its own (`unshare --net --mount --pid`): starts an engine, puts a MattermostHost on "this machine"
// as MachineSetup would, and says on standard output what it saw, as JSON.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MattermostHost } from "@groundplane/docker";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { record } from "../../recording-mocks.ts";
import type { TestImages } from "./engine-images.ts";

const [folder = ""] = process.argv.slice(2);
const PASSWORDS = ["CANARY-first-password", "CANARY-second-password"] as const;
/** Of the engine's containers; removed with it. */
const CGROUP = `/${basename(folder)}`;
const ADMIN = "CANARY-admin-password";

const say = (text: string): void => void process.stderr.write(`${text}\n`);
function sh(script: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 300_000,
    maxBuffer: 64 << 20,
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}
function must(script: string): string {
  const { status, stdout, stderr } = sh(script);
  if (status !== 0) throw new TypeError(`${script.slice(0, 200)}\nended with ${status}: ${stderr}`);
  return stdout;
}

/** No systemd runs here: what it would start is started, and what it is asked about is so. */
const SYSTEMCTL = `#!/bin/sh
case "$1" in
  start | restart) unit=$2; sed -n 's/^ExecStart=//p' "/etc/systemd/system/$unit" | sh -e ;;
  disable) for unit; do :; done
    stop=$(sed -n 's/^ExecStop=//p' "/etc/systemd/system/$unit"); [ -z "$stop" ] || sh -ec "$stop" ;;
esac
`;

function makeMachine(): void {
  must(`mount --make-rprivate /
    for each in /run /opt /etc/systemd/system; do mkdir -p $each; mount -t tmpfs none $each; done
    mkdir /run/netns
    ip link set lo up
    echo 1 > /proc/sys/net/ipv4/ip_forward
    attach() {
      ip netns add $2; ip -n $2 link set lo up
      ip link add $1 type veth peer name eth0 netns $2
      ip addr add $3 dev $1; ip link set $1 up
      ip -n $2 addr add $4 dev eth0; ip -n $2 link set eth0 up
      ip -n $2 route add default via \${3%/*}
    }
    attach c0 client 10.220.1.10/24 10.220.1.50/24
    attach o0 outsider 192.0.2.1/24 192.0.2.5/24`);
  mkdirSync(join(folder, "path"));
  writeFileSync(join(folder, "path/systemctl"), SYSTEMCTL, { mode: 0o755 });
  process.env["PATH"] = `${join(folder, "path")}:${process.env["PATH"]}`;
  process.env["DOCKER_HOST"] = `unix://${folder}/docker.sock`;
}

async function startEngine(): Promise<ChildProcess> {
  const log = join(folder, "engine.log");
  const engine = spawn(
    "sh",
    [
      "-c",
      `exec dockerd --data-root ${folder}/root --exec-root ${folder}/exec --pidfile ${folder}/pid -H unix://${folder}/docker.sock --storage-driver vfs --cgroup-parent ${CGROUP} --log-level warn > ${log} 2>&1`,
    ],
    { stdio: "ignore" },
  );
  for (let tries = 0; tries < 300 && engine.exitCode === null; tries += 1) {
    if (sh("docker info").status === 0) return engine;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new TypeError(`no engine: ${readFileSync(log, "utf8").slice(-2000)}`);
}

const imagesSchema = z.object({
  postgres: z.custom<TestImages["postgres"]>(),
  mattermost: z.custom<TestImages["mattermost"]>(),
});

async function startRegistry(): Promise<{ readonly images: TestImages; readonly registry: ChildProcess }> {
  const program = fileURLToPath(new URL("image-registry.worker.ts", import.meta.url));
  const registry = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(registry.stdout, "data");
  return { images: imagesSchema.parse(JSON.parse(String(line))), registry };
}

const setupSchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      content: z.string(),
      mode: z.string().default("0644"),
      owner: z.string().default("0"),
      group: z.string().default("0"),
    }),
  ),
  setup: z.string(),
  reset: z.string(),
  check: z.string(),
});
type Setup = z.infer<typeof setupSchema>;

/** What the component asks of the machine, in the order of its dependencies. */
async function setupsOf(
  images: TestImages,
  password: string,
): Promise<readonly (readonly [string, Setup])[]> {
  const { resources } = await record(
    (options) =>
      new MattermostHost(
        "chat",
        {
          connection: { host: "10.220.1.10", user: "root", privateKey: "none", hostKey: "none" },
          address: "10.220.1.10",
          images,
          postgresPassword: pulumi.secret(password),
          admin: { username: "jeff", email: "jeff@example.com", password: pulumi.secret(ADMIN) },
          allowedNetworks: ["10.220.1.0/24"],
          team: { name: "fleet", displayName: "The fleet" },
          bots: [{ username: "athena" }, { username: "apollo" }],
        },
        options,
      ),
    () => ({ healthy: true }),
  );
  const plain = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "value" in value ? value.value : value;
  return ["published-ports", "project-setup", "accounts", "backup"].map((role) => {
    const inputs = resources.find(({ name }) => name === `chat-${role}`)?.inputs ?? {};
    const opened = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, plain(value)]));
    return [role, setupSchema.parse(opened)] as const;
  });
}

function apply(setups: readonly (readonly [string, Setup])[]): Record<string, string> {
  const said: Record<string, string> = {};
  for (const [role, { files, setup, check }] of setups) {
    say(`setup ${role}`);
    for (const { path, content, mode, owner, group } of files) {
      mkdirSync(dirname(path), { recursive: true });
      // Another file under the same name, as MachineSetup writes it.
      writeFileSync(`${path}.new`, content);
      chmodSync(`${path}.new`, Number.parseInt(mode, 8));
      chownSync(`${path}.new`, owner === "root" ? 0 : Number(owner), group === "root" ? 0 : Number(group));
      must(`mv ${path}.new ${path}`);
    }
    const { status, stderr } = sh(setup);
    if (status !== 0)
      throw new TypeError(
        `setup of ${role} ended with ${status}: ${stderr}\n${sh("docker ps -a; docker logs mattermost-postgres-1 2>&1 | tail -20; docker logs mattermost-mattermost-1 2>&1 | tail -20").stdout}`,
      );
    const checked = sh(check);
    said[role] = checked.status === 0 ? "as it should be" : checked.stderr;
  }
  return said;
}
const checks = (setups: readonly (readonly [string, Setup])[]) =>
  Object.fromEntries(setups.map(([role, { check }]) => [role, sh(check).status === 0]));

const inspectSchema = z.array(
  z.object({
    Config: z.object({ User: z.string() }),
    HostConfig: z.object({
      ReadonlyRootfs: z.boolean(),
      CapDrop: z.array(z.string()),
      SecurityOpt: z.array(z.string()),
      Memory: z.number(),
      NanoCpus: z.number(),
      PidsLimit: z.number(),
      Privileged: z.boolean(),
      RestartPolicy: z.object({ Name: z.string() }),
      LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
    }),
  }),
);

/** Every place where a secret would be seen by someone who looks around. */
function secretsInSight(): readonly string[] {
  const places: Readonly<Record<string, string>> = {
    inspect: "docker inspect $(docker ps -aq)",
    config: "docker compose --file /opt/mattermost/compose.yaml config",
    logs: "docker logs mattermost-postgres-1 2>&1; docker logs mattermost-mattermost-1 2>&1",
    processes: "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '; true",
    "world-readable":
      "su nobody -s /bin/sh -c 'find /opt /etc/systemd/system -type f -exec cat {} + 2>/dev/null'; true",
  };
  return Object.entries(places).flatMap(([place, script]) =>
    must(script).includes("CANARY") ? [place] : [],
  );
}
const reaches = (from: string, address: string): boolean =>
  sh(`ip netns exec ${from} curl -fsS --max-time 2 http://${address}:8065/api/v4/system/ping`).status === 0;
const wayOut = (service: string): boolean =>
  sh(`docker exec mattermost-${service}-1 curl -fsS --max-time 2 -o /dev/null http://10.220.1.50:9999/`)
    .status === 0;
const psql = (statement: string): string =>
  must(`docker exec mattermost-postgres-1 psql -U mmuser -d mattermost -qAtXc "${statement}"`);
const login = (password: string): boolean =>
  sh(
    `docker exec -e PGPASSWORD=${password} mattermost-mattermost-1 psql -w -qAtXc 'SELECT 1' 'postgres://mmuser@postgres:5432/mattermost'`,
  ).status === 0;
const id = (service: string): string => must(`docker inspect --format '{{.Id}}' mattermost-${service}-1`);
const tokens = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync("/opt/mattermost/tokens").map((name) => [
      name,
      `${(statSync(join("/opt/mattermost/tokens", name)).mode & 0o777).toString(8)} ${readFileSync(join("/opt/mattermost/tokens", name), "utf8")}`,
    ]),
  );

async function main(): Promise<unknown> {
  makeMachine();
  say("images");
  const { images, registry } = await startRegistry();
  const engine = await startEngine();
  try {
    const first = await setupsOf(images, PASSWORDS[0]);
    const deployed = apply(first);
    const inspected = inspectSchema.parse(
      JSON.parse(must("docker inspect mattermost-postgres-1 mattermost-mattermost-1")),
    );
    const inSight = secretsInSight();
    const writes = ["postgres", "mattermost"].map(
      (service) => sh(`docker exec mattermost-${service}-1 sh -c 'echo x > /written'`).status === 0,
    );
    const outside = spawn(
      "ip",
      ["netns", "exec", "client", "python3", "-m", "http.server", "9999", "-d", "/opt"],
      {
        stdio: "ignore",
      },
    );
    must(
      "until curl -fsS --max-time 2 -o /dev/null http://10.220.1.50:9999/; do sleep 0.2; done 2>/dev/null",
    );
    const network = {
      client: reaches("client", "10.220.1.10"),
      outsider: reaches("outsider", "192.0.2.1"),
      // From the containers outward: to a server of the client's.
      mattermost: wayOut("mattermost"),
      database: wayOut("postgres"),
    };
    outside.kill();
    const before = { tokens: tokens(), postgres: id("postgres"), mattermost: id("mattermost") };

    say("again, with nothing new");
    apply(first);
    const unchanged = { tokens: tokens(), postgres: id("postgres"), mattermost: id("mattermost") };

    say("a new password");
    const second = await setupsOf(images, PASSWORDS[1]);
    const rotated = {
      checks: apply(second),
      old: login(PASSWORDS[0]),
      new: login(PASSWORDS[1]),
      tokens: tokens(),
    };

    say("backup and restore");
    psql("CREATE TABLE posts (message text); INSERT INTO posts VALUES ('before')");
    const name = must("/opt/mattermost/bin/backup").split("/").at(-1) ?? "";
    psql("UPDATE posts SET message = 'after'");
    const restored = sh(`/opt/mattermost/bin/restore ${name}`);
    const message = psql("SELECT message FROM posts");
    const afterRestore = checks(second);

    say("a service that stopped");
    must("docker kill mattermost-mattermost-1");
    const stopped = checks(second);
    apply(second);
    const mended = checks(second);

    say("reset");
    for (const [role, { reset, files }] of second.toReversed()) {
      const { status, stderr } = sh(reset);
      if (status !== 0) throw new TypeError(`reset of ${role} ended with ${status}: ${stderr}`);
      for (const { path } of files) rmSync(path);
    }
    const left = {
      containers: must("docker ps -aq"),
      networks: must("docker network ls --format '{{.Name}}'").split("\n").toSorted(),
      chains: must("iptables -w -S").includes("GP-MATTERMOST"),
      folders: readdirSync("/opt/mattermost").toSorted(),
      data: readdirSync("/opt/mattermost/data")
        .filter((each) => !each.startsWith("before-"))
        .toSorted(),
      backups: readdirSync("/opt/mattermost/backups").filter((each) => !each.startsWith(".")).length,
    };
    return {
      ...{ deployed, inspected, inSight, writes, network, before, unchanged, rotated },
      ...{ restored: { status: restored.status, stderr: restored.stderr, message, checks: afterRestore } },
      ...{ stopped, mended, left },
    };
  } finally {
    registry.kill();
    engine.kill();
    await new Promise((done) => engine.once("exit", done));
    sh(`rmdir /sys/fs/cgroup${CGROUP} /sys/fs/cgroup/*${CGROUP}`);
  }
}

const seen = await main();
execFileSync("sh", ["-c", 'cat > "$0"', join(folder, "seen.json")], { input: JSON.stringify(seen) });
process.exit(0);
