import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { type Properties, secretOf } from "@groundplane/provider";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { SshSession } from "../ssh/ssh-session.ts";
import { makeKey, noSshd, TestSshd } from "../sshd.fixture.ts";
import { HalfDone, SetupProvider, setupId } from "./setup-provider.ts";

const missing = noSshd();
if (missing !== undefined) test("a real sshd", ({ skip }) => skip(missing));
// Logins and fsync, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const CANARY = "canary-5up3r-53cret";
const id = setupId("urn:pulumi:dev::p::groundplane-machine:index:Setup::one");

describe.skipIf(missing !== undefined)("a setup on a real sshd", () => {
  let sshd: TestSshd;
  let scratch = "";
  const at = (name: string) => join(scratch, name);
  const connection = (more: Properties = {}): Properties => ({ ...sshd.target(), ...more });
  const inputs = (more: Properties = {}): Properties => ({
    connection: connection(),
    connectTimeoutSeconds: 5,
    ...more,
  });
  const provider = () => new SetupProvider();
  const outputsOf = async (made: Promise<object>): Promise<Properties> =>
    JSON.parse(JSON.stringify(await made));
  const stateFolder = () => join(sshd.folder, "var-lib", "groundplane");
  const failure = async (attempt: Promise<unknown>): Promise<Error> => {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new TypeError("it did not fail");
    return error;
  };

  beforeAll(async () => {
    sshd = await TestSshd.start();
  });
  afterAll(() => sshd.remove());
  beforeEach(() => {
    scratch = join(sshd.folder, "scratch");
    rmSync(scratch, { recursive: true, force: true });
    rmSync(stateFolder(), { recursive: true, force: true });
    mkdirSync(scratch);
  });

  test("is made, found as it should be, and undone to what was there before", async () => {
    writeFileSync(at("motd"), "before\n");
    chmodSync(at("motd"), 0o640);
    symlinkSync("motd", at("link"));
    const before = statSync(at("motd"));
    const all = inputs({
      files: [
        { path: at("motd"), content: "Athena ♥\n", mode: "0600", owner: "operator", group: "4242" },
        { path: at("link"), content: "a file" },
        { path: at("deep/er/conf"), content: "" },
      ],
      setup: `echo ran >>${at("log")}; cat ${at("motd")} >"$GROUNDPLANE_STATE/seen"`,
      reset: `cp "$GROUNDPLANE_STATE/seen" ${at("kept")}; rm ${at("log")}`,
      check: `test -e ${at("log")}`,
    });
    const outputs = await outputsOf(provider().create(id, all));
    expect(outputs).toEqual({
      hostKey: sshd.hostKey,
      healthy: true,
      problems: [],
      fileHashes: {
        [at("motd")]: execFileSync("sha256sum", [at("motd")])
          .toString()
          .slice(0, 64),
        [at("link")]: execFileSync("sha256sum", [at("link")])
          .toString()
          .slice(0, 64),
        [at("deep/er/conf")]: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
    });
    expect(readFileSync(at("motd"), "utf8")).toBe("Athena ♥\n");
    expect([statSync(at("motd")).mode & 0o777, statSync(at("motd")).uid]).toEqual([0o600, 4242]);
    expect(lstatSync(at("link")).isFile()).toBe(true);
    expect(statSync(at("deep/er/conf")).mode & 0o777).toBe(0o644);
    expect(await provider().read(id, all, outputs)).toEqual(outputs);
    expect(statSync(stateFolder()).mode & 0o777).toBe(0o700);

    await provider().delete(id, all, outputs);
    expect(readFileSync(at("kept"), "utf8")).toBe("Athena ♥\n");
    expect(readdirSync(scratch).sort()).toEqual(["kept", "link", "motd"]);
    expect(readFileSync(at("motd"), "utf8")).toBe("before\n");
    const after = statSync(at("motd"));
    expect([after.mode, after.uid, after.mtimeMs]).toEqual([before.mode, before.uid, before.mtimeMs]);
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(existsSync(stateFolder())).toBe(false);
    expect(await provider().read(id, all, outputs)).toBeUndefined();
    await provider().delete(id, all, outputs);
  });

  test("says what drifted, and an update mends it", async () => {
    const all = inputs({
      files: ["a", "b", "c", "d"].map((name) => ({ path: at(name), content: name })),
      check: `test ! -e ${at("broken")} || { echo it is broken; exit 3; }`,
    });
    const outputs = await outputsOf(provider().create(id, all));
    writeFileSync(at("a"), "other");
    unlinkSync(at("b"));
    chmodSync(at("c"), 0o666);
    execFileSync("chown", ["4243:4242", at("d")]);
    writeFileSync(at("broken"), "");
    const drifted = await outputsOf(
      provider()
        .read(id, all, outputs)
        .then((seen) => seen ?? {}),
    );
    expect(drifted).toMatchObject({
      healthy: false,
      problems: [
        `${at("a")} has another content`,
        `${at("b")} is missing`,
        `${at("c")} has mode 0666, not 0644`,
        `${at("d")} is of guest, not root`,
        `${at("d")} is of the group operator, not root`,
        "check ended with exit code 3:\nit is broken",
      ],
      fileHashes: { [at("b")]: "missing" },
    });
    const mended = { ...all, setup: `rm -f ${at("broken")}` };
    expect(await provider().update(id, { inputs: all, outputs: drifted }, mended)).toEqual(outputs);
  });

  test("is updated: new files come, old ones go, and setup runs only where it must", async () => {
    writeFileSync(at("old"), "was here");
    const first = inputs({
      files: [
        { path: at("old"), content: "1" },
        { path: at("stays"), content: "1" },
      ],
      setup: `echo ran >>${at("log")}`,
      triggers: { version: "1" },
    });
    const outputs = await outputsOf(provider().create(id, first));
    const second = {
      ...first,
      files: [
        { path: at("stays"), content: "2" },
        { path: at("new"), content: "1" },
      ],
    };
    await provider().update(id, { inputs: first, outputs }, second);
    expect(["old", "stays", "new", "log"].map((name) => readFileSync(at(name), "utf8"))).toEqual([
      "was here",
      "2",
      "1",
      "ran\nran\n",
    ]);
    const other = makeKey(scratch, "other", "ecdsa");
    sshd.admit(other.open);
    const third = {
      ...second,
      connection: connection({ user: "operator", privateKey: other.secret }),
      check: "true",
    };
    await provider().update(id, { inputs: second, outputs }, third);
    expect(readFileSync(at("log"), "utf8")).toBe("ran\nran\n");
    await provider().update(id, { inputs: third, outputs }, { ...third, triggers: { version: "2" } });
    expect(readFileSync(at("log"), "utf8")).toBe("ran\nran\nran\n");
  });

  test("works through sudo, with RSA keys", async () => {
    const rsa = makeKey(scratch, "rsa", "rsa");
    sshd.admit(rsa.open);
    const all = inputs({
      connection: connection({ user: "operator", privateKey: rsa.secret }),
      files: [{ path: at("of-root"), content: "x", mode: "600" }],
      setup: `echo "$(id -u) from $GROUNDPLANE_PEER" >${at("who")}`,
    });
    await provider().create(id, all);
    // sudo takes away what sshd says of it.
    expect(readFileSync(at("who"), "utf8")).toBe("0 from 127.0.0.1\n");
    expect(statSync(at("of-root")).uid).toBe(0);
    const error = await failure(provider().create(id, { ...all, connection: connection({ user: "guest" }) }));
    expect(error.message).toContain("sudo:");
  });

  test("takes the key of the first use, and no other until another machine, or that key, is named", async () => {
    const by = (hostKey: Properties[string]) =>
      inputs({ connection: connection({ hostKey }), setup: `echo ran >>${at("log")}` });
    const first = (machineId: string) => by({ trustOnFirstUse: { reason: "it is new", machineId } });
    const outputs = await outputsOf(provider().create(id, first("i-1")));
    expect(outputs["hostKey"]).toBe(sshd.hostKey);
    await sshd.down();
    const other = makeKey(scratch, "host2", "ecdsa");
    await sshd.up(other.secret);
    try {
      await expect(provider().read(id, first("i-1"), outputs)).rejects.toThrow(
        /no host key of the known one's kind/,
      );
      // As with a disk that was restored: it has another key, and all that was set up on it.
      const pinned = await provider().update(id, { inputs: first("i-1"), outputs }, by(other.open));
      expect([pinned.hostKey, readFileSync(at("log"), "utf8")]).toEqual([other.open, "ran\n"]);
      const anew = await provider().update(id, { inputs: first("i-1"), outputs }, first("i-2"));
      expect([anew.hostKey, readFileSync(at("log"), "utf8")]).toEqual([other.open, "ran\nran\n"]);
    } finally {
      await sshd.down();
      await sshd.up();
    }
  });

  test("refuses a machine with another key of the same kind, and changes nothing on it", async () => {
    const other = makeKey(scratch, "host3", "ed25519");
    const all = inputs({
      connection: connection({ hostKey: other.open }),
      files: [{ path: at("x"), content: "x" }],
      // At once: waiting would be longer than the test may take.
      connectTimeoutSeconds: 600,
    });
    await expect(provider().create(id, all)).rejects.toMatchObject({ code: "MACHINE_REFUSED" });
    expect(existsSync(at("x"))).toBe(false);
  });

  test("says that its own key is refused, at once", async () => {
    const stranger = makeKey(scratch, "stranger", "ed25519");
    const all = inputs({
      connection: connection({ privateKey: stranger.secret }),
      connectTimeoutSeconds: 600,
    });
    const error = await failure(provider().create(id, all));
    expect(error).toMatchObject({ code: "MACHINE_REFUSED" });
    expect(error.message).toContain('refuses the private key for the user "root"');
  });

  test("waits for a machine that is starting, as long as it was told", async () => {
    await sshd.down();
    const began = performance.now();
    await expect(provider().create(id, inputs())).rejects.toMatchObject({ code: "MACHINE_UNREACHABLE" });
    expect(performance.now() - began).toBeGreaterThan(2_000);
    const waiting = provider().create(id, inputs({ connectTimeoutSeconds: 30 }));
    await sshd.up();
    expect((await waiting).healthy).toBe(true);
  });

  test("that does not answer is read as not healthy, with what was known of it; one never seen fails", async () => {
    const all = inputs({ files: [{ path: at("motd"), content: "x" }], connectTimeoutSeconds: 1 });
    const outputs = await outputsOf(provider().create(id, all));
    const silent = { ...all, connection: connection({ port: 1 }) };
    const seen = await provider().read(id, silent, outputs);
    expect(seen).toEqual({
      ...outputs,
      healthy: false,
      problems: [expect.stringContaining("cannot be reached")],
    });
    await expect(provider().read(id, silent, {})).rejects.toMatchObject({ code: "MACHINE_UNREACHABLE" });
  });

  test("that does not answer is waited for once, also by setups that are read at the same time", async () => {
    const outputs = await outputsOf(provider().create(id, inputs()));
    const connect = vi
      .spyOn(SshSession, "connect")
      .mockRejectedValue(new GroundplaneError("MACHINE_UNREACHABLE", "it cannot be reached"));
    try {
      const machine = provider();
      const all = inputs({ connectTimeoutSeconds: 60 });
      const seen = await Promise.all(Array.from({ length: 6 }, () => machine.read(id, all, outputs)));
      expect(seen.map((each) => each?.healthy)).toEqual(Array(6).fill(false));
      expect(connect.mock.calls.map(([, { timeoutMs }]) => timeoutMs / 1000)).toEqual([20, 20, 20, 20, 2, 2]);
    } finally {
      connect.mockRestore();
    }
  });

  test("keeps a setup that fails, without its secrets in any form, and goes on from there", async () => {
    const content = `API_KEY=${CANARY}\n`;
    const file = { path: at("env"), content: secretOf(content), mode: "0600" };
    const all = inputs({
      files: [file],
      setup: `. ${at("env")}; echo "key $API_KEY"; printf %s "user:$API_KEY" | base64 >&2; exit 7`,
    });
    const error = await failure(provider().create(id, all));
    if (!(error instanceof HalfDone)) throw error;
    expect(error.message).toMatch(/setup ended with exit code 7:\nkey \[secret\]/);
    expect(error.message).not.toContain(CANARY);
    expect(error.message).not.toContain(Buffer.from(`user:${CANARY}`).toString("base64").slice(8, 24));
    expect(error.outputs).toMatchObject({ healthy: false, hostKey: sshd.hostKey });
    const held: Properties = JSON.parse(JSON.stringify(error.outputs));
    const mended = await provider().update(id, { inputs: all, outputs: held }, inputs({ files: [file] }));
    expect(mended.healthy).toBe(true);
    expect(mended.fileHashes[at("env")]).not.toBe(
      execFileSync("sha256sum", [at("env")])
        .toString()
        .slice(0, 64),
    );
    await provider().delete(id, inputs({ files: [file] }), {});
    expect(existsSync(at("env"))).toBe(false);
  });

  test("shows no secret to who looks at the machine's processes or files", async () => {
    const all = inputs({
      files: [{ path: at("env"), content: secretOf(CANARY), mode: "0600" }],
      setup: secretOf(`: ${CANARY}
        for process in /proc/[0-9]*; do cat $process/cmdline $process/environ; done >${at("seen")} 2>/dev/null
        find /run /var/lib -type f -perm /077 -exec grep -l 5up3r {} + >${at("open")} 2>/dev/null; true`),
    });
    await provider().create(id, all);
    expect(readFileSync(at("seen"), "latin1")).toContain("groundplane");
    expect(readFileSync(at("seen"), "latin1")).not.toContain("5up3r");
    expect(readFileSync(at("open"), "utf8")).toBe("");
    await provider().delete(id, all, {});
    const left = execFileSync("sh", ["-c", `grep -rl 5up3r ${sshd.folder} || true`]).toString();
    expect(left).toBe("");
  });

  test("ends a setup that hangs, with what it started", async () => {
    const all = inputs({ timeoutSeconds: 1, setup: `sleep 300 & sleep 301` });
    const error = await failure(provider().create(id, all));
    expect(error.message).toBe("setup did not end in 1 s");
    const left = await outputsOf(
      provider()
        .create(id, inputs({ setup: `! grep -az 30[01] /proc/[0-9]*/cmdline >${at("left")}` }))
        .catch(() => ({})),
    );
    expect([left["healthy"], readFileSync(at("left"), "utf8")]).toEqual([true, ""]);
  });

  test("that is cancelled in its middle ends on the machine too, and converges when it runs again", async () => {
    writeFileSync(at("conf"), "before");
    const slow = inputs({
      files: [{ path: at("conf"), content: "after" }],
      setup: `echo begun >>${at("log")}; sleep 3; echo ended >>${at("log")}`,
    });
    const killed = provider();
    const attempt = killed.create(id, slow);
    attempt.catch(() => undefined);
    for (let waited = 0; waited < 100 && !existsSync(at("log")); waited++)
      await new Promise((go) => setTimeout(go, 50));
    killed.cancel();
    await expect(attempt).rejects.toThrow("cancelled");
    // The lock is free as soon as the first one has ended.
    const outputs = await outputsOf(provider().create(id, slow));
    expect(readFileSync(at("log"), "utf8")).toBe("begun\nbegun\nended\n");
    await provider().delete(id, slow, outputs);
    expect(readFileSync(at("conf"), "utf8")).toBe("before");
  });

  test("does not wait for a daemon that keeps its output", async () => {
    await provider().create(id, inputs({ setup: `(sleep 30; echo late >${at("late")}) & echo started` }));
    expect(existsSync(at("late"))).toBe(false);
  });

  test("refuses a file of another resource, and a folder", async () => {
    await provider().create(id, inputs({ files: [{ path: at("mine"), content: "x" }] }));
    const other = setupId("another");
    await expect(
      provider().create(other, inputs({ files: [{ path: at("mine"), content: "y" }] })),
    ).rejects.toThrow("is of another resource");
    await expect(
      provider().create(other, inputs({ files: [{ path: scratch, content: "y" }] })),
    ).rejects.toThrow("is a folder");
    expect(readFileSync(at("mine"), "utf8")).toBe("x");
  });

  test("runs scripts one at a time on a machine", async () => {
    const one = `echo in >>${at("log")}; sleep 0.3; echo out >>${at("log")}`;
    await Promise.all(
      ["a", "b", "c"].map((name) => provider().create(setupId(name), inputs({ setup: one }))),
    );
    expect(readFileSync(at("log"), "utf8")).toBe("in\nout\n".repeat(3));
  });
});
