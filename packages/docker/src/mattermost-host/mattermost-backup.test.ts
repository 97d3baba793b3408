import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planBackup } from "./mattermost-backup.ts";
import { passwordInForce, pgpassLine } from "./mattermost-compose.ts";
import { noPostgres, PostgresProject } from "./postgres.fixture.ts";

const FOLDERS = ["config", "files", "plugins", "client-plugins"];

describe("backup and restore, with a real PostgreSQL", () => {
  let project: PostgresProject;
  beforeAll(() => {
    if (noPostgres === undefined) project = new PostgresProject();
  }, 60_000);
  afterAll(() => {
    if (noPostgres === undefined) project.stop();
  });
  beforeEach(({ skip }) => {
    if (noPostgres !== undefined) return skip(noPostgres);
    project.begin();
    project.sql("mattermost", "CREATE TABLE posts (id int PRIMARY KEY, message text)");
    project.sql("mattermost", "INSERT INTO posts VALUES (1, 'before')");
    for (const each of FOLDERS) project.write(`data/${each}/file`, `${each} before`);
    install();
  });

  function install(keep = 3): void {
    const { files, setup } = planBackup(project.folder, { keep });
    for (const { path, content, mode } of files) {
      if (!path.startsWith(project.folder)) continue;
      project.write(path.slice(project.folder.length + 1), content);
      chmodSync(path, Number.parseInt(mode, 8));
    }
    project.write("bin/accounts", '#!/bin/sh\necho "accounts $*"\n');
    chmodSync(join(project.folder, "bin/accounts"), 0o755);
    expect(setup).toContain(`install -d -m 0700 ${project.folder}/backups`);
    project.run(`install -d -m 0700 ${project.folder}/backups`);
  }
  const backup = () => project.run(`${project.folder}/bin/backup`);
  const restore = (name: string) => project.run(`${project.folder}/bin/restore "$1"`, name);
  const backups = () => readdirSync(join(project.folder, "backups")).filter((name) => /^\d/.test(name));
  const [messages, count] = ["SELECT message FROM posts ORDER BY id", "SELECT count(*) FROM posts"];

  test("takes database and files back, and keeps what was there beside them", () => {
    expect(backup()).toMatchObject({ status: 0, stderr: "" });
    const [name = ""] = backups();
    project.sql("mattermost", "UPDATE posts SET message = 'after'; INSERT INTO posts VALUES (2, 'new')");
    for (const each of FOLDERS) project.write(`data/${each}/file`, `${each} after`);
    project.write("data/files/new", "new");

    const { status, stdout, stderr } = restore(name);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(project.sql("mattermost", messages)).toEqual(["before"]);
    expect(FOLDERS.map((each) => project.read(`data/${each}/file`))).toEqual(
      FOLDERS.map((each) => `${each} before`),
    );
    expect(readdirSync(join(project.folder, "data/files"))).toEqual(["file"]);
    const [database = "", folder = ""] = /database (\S+) and in (\S+)\.$/m.exec(stdout)?.slice(1) ?? [];
    expect(stdout.trim().split("\n").at(-1)).toBe(`accounts apply ${project.folder}`);
    expect(project.sql(database, messages)).toEqual(["after", "new"]);
    expect(readdirSync(join(folder, "files")).toSorted()).toEqual(["file", "new"]);
    expect(project.commands.slice(-3).map((command) => command.split(" ").slice(0, 2).join(" "))).toEqual([
      "stop mattermost",
      "exec -T",
      "up --detach",
    ]);
  }, 60_000);

  test("fails, with Mattermost as it was, when bots cannot be set right", () => {
    backup();
    const [name = ""] = backups();
    project.sql("mattermost", "UPDATE posts SET message = 'after'");
    project.write("bin/accounts", "#!/bin/sh\nexit 1\n");
    const { status, stderr } = restore(name);
    expect([status, stderr.trim()]).toEqual([
      1,
      `bots and tokens are not as they should be: run ${project.folder}/bin/accounts apply ${project.folder} again`,
    ]);
    expect(project.sql("mattermost", messages)).toEqual(["before"]);
  }, 60_000);

  test("leaves Mattermost stopped where it is told to, for another release", () => {
    backup();
    const [name = ""] = backups();
    project.sql("mattermost", "UPDATE posts SET message = 'after'");
    const { status, stdout } = project.run(`${project.folder}/bin/restore "$1" stopped`, name);
    expect([status, stdout]).toEqual([0, expect.stringContaining("and Mattermost is stopped")]);
    expect(project.sql("mattermost", messages)).toEqual(["before"]);
    expect(project.commands.some((command) => command.startsWith("up"))).toBe(false);
    expect(project.run(`${project.folder}/bin/restore "$1" stoped`, name)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("usage: restore NAME [stopped]"),
    });
  }, 60_000);

  test("can be restored twice", () => {
    backup();
    const [name = ""] = backups();
    expect(restore(name).status).toBe(0);
    project.run("sleep 1.1");
    expect(restore(name)).toMatchObject({ status: 0, stderr: "" });
    expect(project.sql("mattermost", messages)).toEqual(["before"]);
  }, 60_000);

  test("is readable by root alone", () => {
    backup();
    const [name = ""] = backups();
    for (const file of ["", "database.dump", "files.tar.gz"])
      expect(statSync(join(project.folder, "backups", name, file)).mode & 0o077).toBe(0);
  });

  test("keeps the newest", () => {
    for (const old of ["20250101T000000Z", "20250102T000000Z", "20250103T000000Z"])
      project.write(`backups/${old}/database.dump`, "");
    backup();
    const [oldest, , newest, ...more] = backups().toSorted();
    expect([oldest, more]).toEqual(["20250102T000000Z", []]);
    expect(newest?.slice(0, 4)).toBe(String(new Date().getUTCFullYear()));
  });

  test("leaves no half backup when the database does not answer", () => {
    project.sql("postgres", "ALTER DATABASE mattermost RENAME TO gone");
    expect(backup().status).not.toBe(0);
    expect(backups()).toEqual([]);
    project.sql("postgres", "ALTER DATABASE gone RENAME TO mattermost");
    expect(backup().status).toBe(0);
    expect(backups()).toHaveLength(1);
  });

  test("is refused, and changes nothing, when it is damaged", () => {
    backup();
    const [name = ""] = backups();
    writeFileSync(join(project.folder, "backups", name, "database.dump"), "damaged");
    const { status, stderr } = restore(name);
    expect(status).toBe(1);
    expect(stderr).toContain(`${name} is damaged; nothing was changed`);
    expect(project.commands.some((command) => command.startsWith("stop"))).toBe(false);
    expect(project.sql("mattermost", count)).toEqual(["1"]);
  });

  test("leaves Mattermost running when the dump cannot be read", () => {
    backup();
    const [name = ""] = backups();
    const folder = join(project.folder, "backups", name);
    writeFileSync(join(folder, "database.dump"), "PGDMP, and no more");
    project.run(`cd ${folder} && sha256sum database.dump files.tar.gz > SHA256SUMS`);
    expect(restore(name).status).not.toBe(0);
    expect(project.commands.some((command) => command.startsWith("stop"))).toBe(false);
    expect(project.read("data/files/file")).toBe("files before");
  });

  test.each(["../x", "missing", ""])("fails for %j, which is no backup", (name) => {
    expect(restore(name).status).not.toBe(0);
    expect(project.commands).toEqual([]);
  });

  test("puts a new password of the database in force", () => {
    const script = (password: string) => {
      project.write("secrets/postgres-password", password);
      return `set -eu\ncompose() { docker compose --a b --c d "$@"; }\n${passwordInForce(project.folder, 60)}`;
    };
    const passwords = [`it's "quoted" \\ : $HOME`, "another-password"];
    for (const password of passwords) {
      expect(project.run(script(password))).toMatchObject({ status: 0, stderr: "" });
      expect(project.login({ PGPASSWORD: password })).toBe(true);
      const line = pgpassLine(password).replace(":5432:", `:${project.port}:`);
      project.write("pgpass", line);
      chmodSync(join(project.folder, "pgpass"), 0o400);
      expect(project.login({ PGPASSFILE: join(project.folder, "pgpass") })).toBe(true);
    }
    expect(project.login({ PGPASSWORD: passwords[0] ?? "" })).toBe(false);
    expect(project.commands.join("\n")).not.toContain("another-password");
  });
});

describe("planBackup", () => {
  test("writes scripts that a POSIX shell takes", () => {
    const { files, setup, reset, check } = planBackup("/opt/mattermost");
    const programs = files.filter(({ path }) => path.includes("/bin/")).map(({ content }) => content);
    for (const input of [...programs, setup, reset, check])
      expect(spawnSync("sh", ["-n"], { input, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("writes units that systemd takes", ({ skip }) => {
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0)
      return skip("there is no systemd-analyze here");
    const folder = mkdtempSync(join(tmpdir(), "units-"));
    try {
      for (const { path, content } of planBackup("/opt/mattermost").files.filter(({ path }) =>
        path.includes("systemd"),
      )) {
        const own = content
          .replace("/opt/mattermost/bin/backup", "/bin/true")
          .replace("Requires=docker.service\n", "");
        writeFileSync(join(folder, path.split("/").at(-1) ?? ""), own);
      }
      const units = readdirSync(folder).map((name) => join(folder, name));
      expect(spawnSync("systemd-analyze", ["verify", ...units], { encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("runs each day at the time that is given", () => {
    const timer = planBackup("/opt/mattermost", { at: "04:05" }).files.find(({ path }) =>
      path.endsWith(".timer"),
    );
    expect(timer?.content).toContain("OnCalendar=*-*-* 04:05:00 UTC\n");
  });

  test.each([
    [{ at: "25:00" as const }, /backup\.at is "25:00"/],
    [{ keep: 0 }, /backup\.keep is 0/],
    [{ folder: "/backups" }, /backup\.folder is "\/backups"/],
    [{ folder: "/srv/$(x)" }, /backup\.folder/],
  ])("fails for %j", (backup, message) => {
    expect(() => planBackup("/opt/mattermost", backup)).toThrow(message);
  });
});
