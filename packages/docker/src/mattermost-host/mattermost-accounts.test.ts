import { execFile, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeMattermost } from "../../../../test/fake-mattermost.ts";
import { type AccountsOptions, planAccounts } from "./mattermost-accounts.ts";

const admin = { username: "jeff", email: "jeff@example.com" };
const team = { name: "fleet", displayName: "The fleet" };
const athena = { username: "athena", displayName: "Athena", description: "PM" };
const apollo = { username: "apollo" };
const PASSWORD = "CANARY-admin-password";
const python = spawnSync("python3", ["--version"]).status === 0;

describe("the program that makes accounts, against Mattermost's local mode", () => {
  let folder: string;
  let server: FakeMattermost;
  beforeEach(async ({ skip }) => {
    if (!python) skip("there is no python3 here");
    folder = mkdtempSync(join(tmpdir(), "mm-"));
    for (const each of ["bin", "admin", "run"]) mkdirSync(join(folder, each));
    writeFileSync(join(folder, "admin/password"), PASSWORD);
    server = new FakeMattermost();
    await server.listen(join(folder, "run/local.sock"));
  });
  afterEach(async () => {
    if (!python) return;
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes what the plan has, and runs the program. */
  function run(verb: "apply" | "check" | "reset", own: Partial<AccountsOptions> = {}) {
    const { files } = planAccounts({
      folder: "/opt/mattermost",
      admin,
      team,
      bots: [athena, apollo],
      ...own,
    });
    for (const { path, content } of files) writeFileSync(path.replace("/opt/mattermost", folder), content);
    const program = join(folder, "bin/accounts");
    chmodSync(program, 0o755);
    return new Promise<{ readonly failed: boolean; readonly said: string }>((done) => {
      execFile(program, [verb, folder], (error, stdout, stderr) =>
        done({ failed: error !== null, said: `${stdout}${stderr}` }),
      );
    });
  }
  const token = (bot: string) => readFileSync(join(folder, "tokens", bot), "utf8");

  test("makes the administrator first, then each bot with a token that is kept for its owner", async () => {
    expect(await run("apply")).toEqual({
      failed: false,
      said: [athena, apollo]
        .map(({ username }) => `${username} has a new token: ${join(folder, "tokens", username)}\n`)
        .join(""),
    });
    expect(server.named("jeff")).toMatchObject({ password: PASSWORD, roles: "system_admin system_user" });
    expect(server.named("athena")).toMatchObject({
      is_bot: true,
      roles: "system_user",
      display_name: "Athena",
      description: "PM",
    });
    for (const bot of ["athena", "apollo"]) {
      expect(server.active(bot).map((one) => one.token)).toEqual([token(bot)]);
      expect(statSync(join(folder, "tokens", bot)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(join(folder, "tokens")).mode & 0o777).toBe(0o700);
    const [fleet] = server.teams.values();
    expect(fleet?.members).toEqual(new Set([server.named("athena")?.id, server.named("apollo")?.id]));
    expect(await run("check")).toEqual({ failed: false, said: "" });
  });

  test("changes nothing the second time", async () => {
    await run("apply");
    const before = [token("athena"), token("apollo")];
    server.calls.length = 0;
    expect((await run("apply")).failed).toBe(false);
    expect([token("athena"), token("apollo")]).toEqual(before);
    expect(server.calls.filter((call) => !call.startsWith("GET") && !call.includes("/members"))).toEqual([]);
  });

  test("keeps the password that the administrator has chosen since", async () => {
    await run("apply");
    writeFileSync(join(folder, "admin/password"), "another-password");
    await run("apply");
    expect(server.named("jeff")?.password).toBe(PASSWORD);
  });

  test.each([
    ["its making", "POST /users"],
    ["its becoming a bot", "POST /users/"],
    ["the team", "POST /teams"],
  ])("goes on where it was cut off: at %s", async (_, begin) => {
    server.broken.add(begin);
    expect((await run("apply")).failed).toBe(true);
    server.broken.clear();
    expect((await run("apply")).failed).toBe(false);
    expect(await run("check")).toEqual({ failed: false, said: "" });
    expect(server.active("athena").map((one) => one.token)).toEqual([token("athena")]);
  });

  test("makes another token, and revokes the old one, when the kept one is lost or was revoked", async () => {
    await run("apply");
    rmSync(join(folder, "tokens/athena"));
    for (const one of server.active("apollo")) one.is_active = false;
    expect((await run("check")).said).toBe(
      "the token of athena is missing or was revoked\nthe token of apollo is missing or was revoked\n",
    );
    await run("apply");
    for (const bot of ["athena", "apollo"])
      expect(server.active(bot).map((one) => one.token)).toEqual([token(bot)]);
  });

  test("leaves tokens that someone else made", async () => {
    await run("apply");
    const id = server.named("athena")?.id ?? "";
    server.tokens.set("x", { id: "x", user: id, token: "t", description: "by hand", is_active: true });
    await run("apply");
    expect(server.tokens.get("x")?.is_active).toBe(true);
  });

  test("turns a bot off that is no longer declared, and on again when it is", async () => {
    await run("apply");
    await run("apply", { bots: [apollo] });
    expect(server.named("athena")?.delete_at).not.toBe(0);
    expect(server.active("athena")).toEqual([]);
    expect(readdirSync(join(folder, "tokens")).toSorted()).toEqual(["apollo", "apollo.id"]);
    await run("apply");
    expect(server.named("athena")?.delete_at).toBe(0);
    expect(server.active("athena").map((one) => one.token)).toEqual([token("athena")]);
  });

  test("reset turns every bot off, and keeps no token", async () => {
    await run("apply");
    expect((await run("reset")).failed).toBe(false);
    expect(readdirSync(join(folder, "tokens"))).toEqual([]);
    expect([...server.tokens.values()].filter((one) => one.is_active)).toEqual([]);
    expect(server.named("jeff")?.delete_at).toBe(0);
  });

  test("fails when a bot's name is a person's", async () => {
    await run("apply", { bots: [] });
    const [person] = server.users.values();
    if (person === undefined) throw new TypeError("there is no person");
    server.users.set("2", {
      ...person,
      id: "2",
      username: "athena",
      email: "a@example.com",
      roles: "system_user",
    });
    expect(await run("apply")).toEqual({
      failed: true,
      said: "athena is a person's account; give the bot another name\n",
    });
  });

  test("fails when a bot may do more than it should", async () => {
    await run("apply");
    const bot = server.named("athena");
    if (bot !== undefined) bot.roles = "system_user system_admin";
    expect((await run("apply")).said).toContain("the bot athena has the roles system_user system_admin");
  });

  test("fails without a word of what it sent: Mattermost's answer may repeat it", async () => {
    server.broken.add("POST /users");
    const { failed, said } = await run("apply");
    expect(failed).toBe(true);
    expect(said).toBe("POST /users: Mattermost answered 500 app.broken\n");
  });

  test("fails in words when Mattermost is not there", async () => {
    await server.close();
    const { failed, said } = await run("apply");
    expect(failed).toBe(true);
    expect(said).toMatch(/^Mattermost's socket or a file of .*: /);
    expect(said).not.toContain("Traceback");
    expect(existsSync(join(folder, "tokens/athena"))).toBe(false);
  });
});

describe("planAccounts", () => {
  const plan = (own: Partial<AccountsOptions>) =>
    planAccounts({ folder: "/opt/mattermost", admin, bots: [athena], ...own });

  test("declares accounts in a file without a secret", () => {
    const [, declared] = plan({ team }).files;
    expect(declared?.path).toBe("/opt/mattermost/accounts.json");
    expect(JSON.parse(declared?.content ?? "")).toEqual({
      socket: "run/local.sock",
      adminPasswordFile: "admin/password",
      admin,
      team,
      bots: [athena],
    });
  });

  test.each([
    ["a name is too short", { bots: [{ username: "a" }] }, /"a" is no name/],
    ["a name leaves its folder", { bots: [{ username: "../x" }] }, /is no name/],
    ["a name is Mattermost's own", { bots: [{ username: "system" }] }, /"system" is no name/],
    ["a name would be another's file", { bots: [{ username: "athena.id" }] }, /"athena\.id" is no name/],
    ["a name is there twice", { bots: [{ username: "jeff" }] }, /"jeff" names two accounts/],
    ["the address is none", { admin: { username: "jeff", email: "jeff" } }, /admin\.email/],
    ["the team's name is none", { team: { name: "The Fleet", displayName: "x" } }, /team\.name/],
  ])("fails when %s", (_, own, message) => {
    expect(() => plan(own)).toThrow(message);
  });
});
