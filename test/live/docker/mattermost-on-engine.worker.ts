// Runs in namespaces of its own (`unshare --net --mount --pid`): starts an engine, puts a MattermostHost on "this machine"
// as MachineSetup would, and says on standard output what it saw, as JSON.
import { spawn } from "node:child_process";
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
import { dirname, join } from "node:path";
import { MattermostHost, preflightMattermost } from "@groundplane/docker";
import mattermostStack from "@groundplane/stack-mattermost";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { record } from "../../recording-mocks.ts";
import type { TestImages } from "./engine-images.ts";
import { ADDRESS, makeMachine, must, sh, startEngine, startRegistry, startSshd } from "./engine-machine.ts";

const [folder = ""] = process.argv.slice(2);
const PASSWORDS = ["CANARY-first-password", 'CANARY-it\'s \\ "second": $HOME'] as const;
const ADMIN = "CANARY-admin-password";

/** With the time, for whoever asks where it went. */
const say = (text: string): void =>
  void process.stderr.write(`${(performance.now() / 1000).toFixed(1)} s: ${text}\n`);

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
  { postgres, mattermost }: Pick<TestImages, "postgres" | "mattermost">,
  password: string,
): Promise<readonly (readonly [string, Setup])[]> {
  const { resources } = await record(
    (options) =>
      new MattermostHost(
        "chat",
        {
          connection: { host: ADDRESS, user: "root", privateKey: "none", hostKey: "none" },
          address: ADDRESS,
          images: { postgres, mattermost },
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

/** How often health is looked at is what the test would wait for, and proves nothing. */
function oftenLookedAt(compose: string): string {
  const often = compose.replaceAll(/interval: "1[05]s"/g, 'interval: "1s"');
  if (often === compose) throw new TypeError("the compose file has no interval of 10 or 15 seconds");
  return often;
}

function write(files: Setup["files"]): void {
  for (const { path, content, mode, owner, group } of files) {
    mkdirSync(dirname(path), { recursive: true });
    // Another file under the same name, as MachineSetup writes it.
    writeFileSync(`${path}.new`, path.endsWith("/compose.yaml") ? oftenLookedAt(content) : content);
    chmodSync(`${path}.new`, Number.parseInt(mode, 8));
    chownSync(`${path}.new`, owner === "root" ? 0 : Number(owner), group === "root" ? 0 : Number(group));
    must(`mv ${path}.new ${path}`);
  }
}

function apply(setups: readonly (readonly [string, Setup])[]): Record<string, string> {
  const said: Record<string, string> = {};
  for (const [role, { files, setup, check }] of setups) {
    say(`setup ${role}`);
    write(files);
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
    "docker exec -e PGPASSWORD mattermost-mattermost-1 psql -w -qAtXc 'SELECT 1' 'postgres://mmuser@postgres:5432/mattermost'",
    { PGPASSWORD: password },
  ).status === 0;
const id = (service: string): string => must(`docker inspect --format '{{.Id}}' mattermost-${service}-1`);
const ids = () => ({ postgres: id("postgres"), mattermost: id("mattermost") });
const version = (): string =>
  must(
    `docker inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' mattermost-mattermost-1`,
  );
const tokens = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync("/opt/mattermost/tokens").map((name) => [
      name,
      `${(statSync(join("/opt/mattermost/tokens", name)).mode & 0o777).toString(8)} ${readFileSync(join("/opt/mattermost/tokens", name), "utf8")}`,
    ]),
  );

/** The checks of stacks/mattermost, which the pipeline runs after a deployment: each one's name, and what it threw. */
async function stackChecks(): Promise<Readonly<Record<string, string>>> {
  const outputs = { url: `http://${ADDRESS}:8065`, address: ADDRESS, port: 8065 };
  const rest = { tokenFiles: {}, firewallRules: [] };
  const where = { environment: "rack", sandbox: false, config: {}, signal: AbortSignal.timeout(60_000) };
  const said: Record<string, string> = {};
  for (const { name, check } of mattermostStack.checks)
    said[name] = await Promise.resolve()
      .then(() => check({ outputs: { ...outputs, ...rest }, ...where }))
      .then(
        () => "ok",
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
  return said;
}

const backups = (): readonly string[] =>
  readdirSync("/opt/mattermost/backups")
    .filter((each) => !each.startsWith("."))
    .toSorted();

/** What the project's setup says while another program makes a backup. */
function noBackupPossible(setups: readonly (readonly [string, Setup])[]): string {
  const project = setups.find(([role]) => role === "project-setup")?.[1];
  write(project?.files ?? []);
  writeFileSync(join(folder, "setup"), project?.setup ?? "");
  const { status, stderr } = sh(`flock /opt/mattermost/backups/.lock sh ${join(folder, "setup")}`);
  return `${status} ${stderr.split("\n").at(-1)}`;
}

function whoReaches() {
  const server = ["python3", "-m", "http.server", "9999", "-d", "/opt"];
  const outside = spawn("ip", ["netns", "exec", "client", ...server], { stdio: "ignore" });
  must("until curl -fsS --max-time 2 -o /dev/null http://10.220.1.50:9999/; do sleep 0.2; done 2>/dev/null");
  try {
    return {
      client: reaches("client", ADDRESS),
      outsider: reaches("outsider", "192.0.2.1"),
      // From the containers outward: to a server of the client's.
      mattermost: wayOut("mattermost"),
      database: wayOut("postgres"),
    };
  } finally {
    outside.kill();
  }
}

function reset(setups: readonly (readonly [string, Setup])[]): void {
  for (const [role, { reset: script, files }] of setups.toReversed()) {
    const { status, stderr } = sh(script);
    if (status !== 0) throw new TypeError(`reset of ${role} ended with ${status}: ${stderr}`);
    for (const { path } of files) rmSync(path);
  }
}

async function main(): Promise<unknown> {
  makeMachine(folder);
  const connection = startSshd(folder);
  say("images");
  const serving = startRegistry(folder);
  const lookedAt = [await preflightMattermost(connection)];
  say("engine");
  const engine = await startEngine(folder);
  const { images, registry } = await serving;
  say("looked at again");
  try {
    lookedAt.push(await preflightMattermost(connection));
    const first = await setupsOf(images, PASSWORDS[0]);
    const deployed = apply(first);
    const inspected = inspectSchema.parse(
      JSON.parse(must("docker inspect mattermost-postgres-1 mattermost-mattermost-1")),
    );
    const inSight = secretsInSight();
    const writes = ["postgres", "mattermost"].map(
      (service) => sh(`docker exec mattermost-${service}-1 sh -c 'echo x > /written'`).status === 0,
    );
    const network = whoReaches();
    const answers = [await stackChecks()];
    const before = { tokens: tokens(), ...ids() };

    say("again, with nothing new");
    apply(first);
    const unchanged = { tokens: tokens(), ...ids() };

    say("a later release");
    psql("CREATE TABLE posts (message text); INSERT INTO posts VALUES ('before')");
    const later = { ...images, mattermost: images.nextMattermost };
    const next = await setupsOf(later, PASSWORDS[0]);
    const kept = backups().length;
    const refused = noBackupPossible(next);
    const versions = [version()];
    const checked = apply(next);
    // Made before the release, so under its own password, too.
    const [older = ""] = backups().slice(kept);
    versions.push(version());
    const upgraded = {
      ...{ refused, checks: checked, versions, tokens: tokens(), backups: backups().length - kept },
      ...{ message: psql("SELECT message FROM posts"), database: id("postgres") },
    };

    say("a new password");
    const second = await setupsOf(later, PASSWORDS[1]);
    const rotated = {
      checks: apply(second),
      old: login(PASSWORDS[0]),
      new: login(PASSWORDS[1]),
      inSight: secretsInSight(),
      tokens: tokens(),
    };

    say("backup, a new token, and restore");
    const name = must("/opt/mattermost/bin/backup").split("/").at(-1) ?? "";
    must("rm /opt/mattermost/tokens/athena.id");
    const newToken = { said: must("/opt/mattermost/bin/accounts apply /opt/mattermost"), tokens: tokens() };
    psql("UPDATE posts SET message = 'after'");
    const { status, stderr } = sh(`/opt/mattermost/bin/restore ${name}`);
    const message = psql("SELECT message FROM posts");
    const restored = { status, stderr, message, tokens: tokens(), checks: checks(second) };

    say("a service that stopped");
    must("docker kill mattermost-mattermost-1");
    const stopped = checks(second);
    answers.push(await stackChecks());
    apply(second);
    const mended = checks(second);

    say("the earlier release, on its own data");
    psql("INSERT INTO posts VALUES ('of the later release')");
    must(`/opt/mattermost/bin/restore ${older} stopped`);
    const earlier = await setupsOf(images, PASSWORDS[1]);
    const earlierRelease = {
      ...{ checks: apply(earlier), version: version(), message: psql("SELECT message FROM posts") },
      token: tokens()["apollo"],
    };

    say("reset");
    reset(earlier);
    const left = {
      containers: must("docker ps -aq"),
      networks: must("docker network ls --format '{{.Name}}'").split("\n").toSorted(),
      chains: must("iptables -w -S").includes("GP-MATTERMOST"),
      folders: readdirSync("/opt/mattermost").toSorted(),
      data: readdirSync("/opt/mattermost/data")
        .filter((each) => !each.startsWith("before-"))
        .toSorted(),
      backups: backups().length,
    };

    say("deployed again, on what it left");
    const back = {
      checks: apply(earlier),
      message: psql("SELECT message FROM posts"),
      tokens: Object.keys(tokens()).toSorted(),
    };
    say("end");
    return {
      ...{ lookedAt, deployed, inspected, inSight, writes, network, answers, before, unchanged, upgraded },
      ...{ rotated, newToken, restored, stopped, mended, earlierRelease, left, back },
    };
  } finally {
    registry.kill();
    sh("docker rm --force $(docker ps -aq)");
    engine.kill();
    await new Promise((done) => engine.once("exit", done));
  }
}

const seen = await main();
writeFileSync(join(folder, "seen.json"), JSON.stringify(seen));
process.exit(0);
