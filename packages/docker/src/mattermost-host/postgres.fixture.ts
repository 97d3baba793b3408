import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [bin] = globSync("/usr/lib/postgresql/*/bin").toSorted().toReversed();
const owner = spawnSync("id", ["-u", "postgres"], { encoding: "utf8" });

/** Why there can be no PostgreSQL here; undefined when there can. The programs under test run as root. */
export const noPostgres: string | undefined =
  process.getuid?.() !== 0
    ? "this needs root, as the programs on a machine have it"
    : bin === undefined || owner.status !== 0
      ? "there is no PostgreSQL server here (Debian: postgresql)"
      : undefined;

/**
 * A project's folder, a PostgreSQL of its own, and a `docker` on the PATH that stands in for the engine: what is to run
 * in the container `postgres` runs against that server; everything else is noted down.
 */
export class PostgresProject {
  readonly folder: string;
  readonly port = 40_000 + (process.pid % 20_000);
  readonly #server: string;
  readonly #bin: string;
  readonly #uid: number;

  constructor() {
    this.#bin = bin ?? "";
    this.#uid = Number(owner.stdout);
    this.folder = mkdtempSync(join(tmpdir(), "mm"));
    this.#server = join(this.folder, "server");
    for (const each of ["", "server", "bin", "path"]) {
      mkdirSync(join(this.folder, each), { recursive: true });
      chmodSync(join(this.folder, each), 0o755);
    }
    chownSync(this.#server, this.#uid, this.#uid);
    this.#asServer(
      "initdb",
      "--username=mmuser",
      "--auth-local=trust",
      "--auth-host=scram-sha-256",
      "--no-sync",
      "-D",
      join(this.#server, "data"),
    );
    const options = `-p ${this.port} -k ${this.#server} -c listen_addresses=127.0.0.1 -c fsync=off`;
    this.#asServer(
      "pg_ctl",
      "-D",
      join(this.#server, "data"),
      "-o",
      options,
      "-w",
      "-l",
      join(this.#server, "log"),
      "start",
    );
    this.write(
      "path/docker",
      `#!/bin/sh
echo "$*" >> ${this.folder}/docker.log
[ "$1" = compose ] || exit 64
shift 5
case "$1 $2 $3" in
  "exec -T postgres") shift 3; PGHOST=${this.#server} PGPORT=${this.port} exec ${this.#bin}/"$@" ;;
esac
`,
    );
    chmodSync(join(this.folder, "path/docker"), 0o755);
  }

  /** An empty database, and a folder without what a test left. */
  begin(): void {
    const databases = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'";
    for (const name of this.sql("postgres", databases))
      this.sql("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
    this.sql("postgres", "CREATE DATABASE mattermost");
    for (const each of ["data", "backups", "docker.log"])
      rmSync(join(this.folder, each), { recursive: true, force: true });
  }

  #asServer(program: string, ...args: readonly string[]): void {
    const uid = this.#uid;
    // Not through a pipe: the server would keep it open.
    execFileSync(join(this.#bin, program), args, {
      uid,
      gid: uid,
      cwd: this.#server,
      stdio: "ignore",
      env: {},
    });
  }

  /** Rows of an answer, `|` between columns. */
  sql(database: string, statement: string): readonly string[] {
    const args = [
      "-h",
      this.#server,
      "-p",
      String(this.port),
      "-U",
      "mmuser",
      "-d",
      database,
      "-qAtX",
      "-c",
      statement,
    ];
    return execFileSync(join(this.#bin, "psql"), args, { encoding: "utf8" }).split("\n").filter(Boolean);
  }

  /** Whether a login over TCP is let in. */
  login(env: Readonly<Record<string, string>>): boolean {
    const to = `hostaddr=127.0.0.1 host=postgres port=${this.port} user=mmuser dbname=mattermost`;
    return (
      spawnSync(join(this.#bin, "psql"), ["-w", "-qAtXc", "SELECT 1", to], { env: { ...env } }).status === 0
    );
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Commands that came to `docker compose`, without their `--file` and the like. */
  get commands(): readonly string[] {
    if (!existsSync(join(this.folder, "docker.log"))) return [];
    return this.read("docker.log")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" ").slice(5).join(" "));
  }

  run(script: string, ...args: readonly string[]) {
    const path = `${join(this.folder, "path")}:${process.env["PATH"]}`;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", ...args], {
      encoding: "utf8",
      env: { ...process.env, PATH: path },
    });
    return { status, stdout, stderr };
  }

  stop(): void {
    this.#asServer("pg_ctl", "-D", join(this.#server, "data"), "-m", "immediate", "-w", "stop");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
