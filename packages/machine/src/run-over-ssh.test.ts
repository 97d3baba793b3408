import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runOverSsh } from "./run-over-ssh.ts";
import { noSshd, TestSshd } from "./sshd.fixture.ts";

const missing = noSshd();
if (missing !== undefined) test("a real sshd", ({ skip }) => skip(missing));
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(missing !== undefined)("runOverSsh", () => {
  let sshd: TestSshd;
  const connection = (user: "operator" | "guest") => ({ ...sshd.target(user), hostKey: sshd.hostKey });
  beforeAll(async () => {
    sshd = await TestSshd.start();
  });
  afterAll(() => sshd.remove());

  test("gives what a script says, and how it ended", async () => {
    const result = await runOverSsh(connection("guest"), "id -un; echo 'it''s' >&2; cat; exit 4");
    expect(result).toEqual({ code: 4, stdout: "guest\n", stderr: "its\n" });
  });

  test("runs as root where it is told to", async () => {
    const result = await runOverSsh(connection("operator"), "id -u", { asRoot: true });
    expect(result).toEqual({ code: 0, stdout: "0\n", stderr: "" });
  });

  test("gives a script the umask of a login, so that others can use what it installs", async () => {
    const result = await runOverSsh(connection("operator"), "umask", { asRoot: true });
    expect(result.stdout).toBe("0022\n");
  });

  test("ends a script that takes too long", async () => {
    expect((await runOverSsh(connection("guest"), "sleep 60", { timeoutSeconds: 1 })).code).toBe(124);
  });

  test("holds no more sessions than a server takes", async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, () => runOverSsh(connection("guest"), "sleep 0.1; echo x")),
    );
    expect(results.every(({ stdout }) => stdout === "x\n")).toBe(true);
  });

  test.each(["", "ssh-dss AAAA", "ssh-ed25519 AAAA"])("refuses %o as a host key", async (hostKey) => {
    await expect(runOverSsh({ ...connection("guest"), hostKey }, "true")).rejects.toThrow(/host ?key/i);
  });

  test("refuses a timeout out of bounds", async () => {
    await expect(runOverSsh(connection("guest"), "true", { timeoutSeconds: 0 })).rejects.toThrow(
      "timeoutSeconds is 0",
    );
  });
});
