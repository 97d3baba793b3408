import { EXIT_CODES, GroundplaneError, logRecords } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { INTERRUPTED } from "./exit-code.ts";
import { EXIT_CODE_TABLE } from "./exit-code-table.ts";
import { FakeHost, type FakeHostOptions } from "./fake-host.fixture.ts";
import { FakeTerminal } from "./fake-terminal.fixture.ts";
import { event, UNTIL_DONE, UNTIL_UP } from "./live/events.fixture.ts";
import { main } from "./main.ts";
import { finding, RUN_ID, runRecord, timeline, waitingRun } from "./run.fixture.ts";

async function groundplane(
  argv: readonly string[],
  options: Partial<FakeHostOptions> & { readonly terminal?: FakeTerminal } = {},
) {
  const terminal = options.terminal ?? new FakeTerminal();
  const host = new FakeHost({ run: runRecord(), ...options });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, terminal, host, out: terminal.stdoutText, err: terminal.stderrText };
}

describe("deploy", () => {
  test("asks for the stack named, as the login, and exits with 0", async () => {
    const { code, host, out } = await groundplane([
      "deploy",
      "dev",
      "network",
      "--confirm",
      "urn:a",
      "--confirm",
      "urn:b",
    ]);
    expect(code).toBe(0);
    expect(host.calls).toMatchObject([
      {
        method: "deploy",
        request: { environment: "dev", stack: "network", requester: "ada", confirm: ["urn:a", "urn:b"] },
      },
    ]);
    expect(out).toContain("dev/network  ✔ applied  (sandbox)");
    expect(host.closed).toBe(1);
  });

  test("takes the project's only stack when none is named", async () => {
    const { host } = await groundplane(["deploy", "dev"]);
    expect(host.calls[0]?.request).toMatchObject({ stack: "network" });
  });

  test("takes all stacks when none is named, and says which one held another back", async () => {
    const { code, out, host } = await groundplane(["deploy", "dev", "--keep-going", "--concurrency", "2"], {
      stacks: ["network", "data"],
    });
    expect(host.calls).toMatchObject([
      { method: "deployEnvironment", request: { environment: "dev", keepGoing: true, concurrency: 2 } },
    ]);
    expect(out).toContain("dev: 1 of 2 stacks");
    expect(out).toContain("not begun: network comes first, and did not succeed");
    expect(code).toBe(5);
  });

  test("--affected is for one stack or all, tells why each was begun, and which run the others match", async () => {
    const several = {
      runs: new Map([["app", runRecord({ stack: "app" })]]),
      skipped: [],
      affected: new Map([["app", { reason: "changed" as const, run: RUN_ID, parts: ["program" as const] }]]),
      unaffected: new Map([["network", "run-20261120-051229-abc123"]]),
    };
    const { code, out, host } = await groundplane(["deploy", "dev", "--affected"], { several });
    expect(host.calls).toMatchObject([
      { method: "deployEnvironment", request: { environment: "dev", affectedOnly: true } },
    ]);
    expect(code).toBe(0);
    expect(out).toContain("dev: 1 of 2 stacks");
    expect(out).toContain(`changed since ${RUN_ID}: program`);
    expect(out).toMatch(/network {2,}○ unaffected, as in {2,}run-20261120-051229-abc123/);
    const one = await groundplane(["preview", "dev", "network", "--affected", "--json"], { several });
    expect(one.host.calls).toMatchObject([
      { method: "previewEnvironment", request: { stacks: ["network"] } },
    ]);
    expect(JSON.parse(one.out)).toMatchObject({
      affected: [{ stack: "app", reason: "changed", parts: ["program"] }],
      unaffected: [{ stack: "network", run: "run-20261120-051229-abc123" }],
    });
  });

  test("says plainly that nothing is affected, and exits with 0", async () => {
    const unaffected = new Map([
      ["network", RUN_ID],
      ["app", RUN_ID],
    ]);
    const several = { runs: new Map(), skipped: [], affected: new Map(), unaffected };
    const { code, out } = await groundplane(["deploy", "dev", "--affected"], { several });
    expect([code, out]).toEqual([
      0,
      `dev: nothing to do: all 2 stacks match their last run\n  network  ${RUN_ID}\n  app      ${RUN_ID}\n`,
    ]);
  });

  test("never destroys a stack that was not named, unless all are meant", async () => {
    const refused = await groundplane(["destroy", "dev"]);
    expect(refused.code).toBe(64);
    expect(refused.err).toContain("say which stack to destroy, or --all");
    expect(refused.host.calls).toEqual([]);
    const all = await groundplane(["destroy", "dev", "--all"]);
    expect(all.host.calls).toMatchObject([{ method: "destroyEnvironment" }]);
  });

  test("prints the address of a run's review page", async () => {
    const { out, code } = await groundplane(["review", RUN_ID]);
    expect([code, out]).toEqual([0, "file:///project/.groundplane/runs/review.html\n"]);
  });

  test("unlocks a stack, and says whose lock it was", async () => {
    const { host, out } = await groundplane(["unlock", "dev"]);
    expect(host.calls).toEqual([{ method: "unlock", request: { stack: "network", environment: "dev" } }]);
    expect(out).toContain("Cleared the lock of ada@here, process 1");
  });

  test("resumes every stack's runs, or those of one", async () => {
    const { host } = await groundplane(["resume", "dev"], { stacks: ["network", "data"] });
    expect(host.calls).toEqual([{ method: "resume", request: { environment: "dev" } }]);
    const one = await groundplane(["resume", "dev", "data"]);
    expect(one.host.calls).toEqual([{ method: "resume", request: { environment: "dev", stack: "data" } }]);
    const fails = new GroundplaneError("STACK_NOT_FOUND", "no stack is named typo.");
    expect((await groundplane(["resume", "dev", "typo"], { fails })).code).toBe(64);
  });

  test("without a terminal it never asks, exits with 2 and says how to approve", async () => {
    const { code, out, host, terminal } = await groundplane(["deploy", "prod"], {
      run: waitingRun(),
      asks: true,
    });
    expect(code).toBe(2);
    expect(host.answers).toEqual(["nobody"]);
    expect(terminal.questions).toEqual([]);
    expect(out).toContain(`groundplane approve ${RUN_ID} --as <login>`);
  });

  test("at a terminal it shows the review and takes the answer", async () => {
    const terminal = new FakeTerminal({ tty: true, answers: ["what?", "a"] });
    const { host, err } = await groundplane(["deploy", "prod", "--as", "grace"], {
      run: waitingRun(),
      asks: true,
      terminal,
    });
    expect(host.answers).toEqual([{ by: "grace", verdict: "approve" }]);
    expect(terminal.questions).toHaveLength(2);
    expect(err).toContain("Review of prod/network");
    expect(err).toContain("Type approve, reject or later");
  });

  test("does not ask someone whom the rule does not allow", async () => {
    const terminal = new FakeTerminal({ tty: true, answers: ["approve"] });
    const { host, err } = await groundplane(["deploy", "prod"], { run: waitingRun(), asks: true, terminal });
    expect(host.answers).toEqual(["later"]);
    expect(terminal.questions).toEqual([]);
    expect(err).toContain("Not asking you: ada asked for it, and the rule wants someone else.");
  });

  test("--yes approves as the actor, and never against the rule", async () => {
    const allowed = await groundplane(["deploy", "prod", "--yes", "--as", "grace"], {
      run: waitingRun(),
      asks: true,
    });
    expect(allowed.host.answers).toEqual([{ by: "grace", verdict: "approve", comment: "--yes" }]);
    const refused = await groundplane(["deploy", "prod", "--yes"], { run: waitingRun(), asks: true });
    expect(refused.host.answers).toEqual(["later"]);
    expect(refused.err).toContain("--yes does not approve: ada asked for it");
  });

  test("--json prints the record alone on standard output, also at a terminal, and asks nobody", async () => {
    const terminal = new FakeTerminal({ tty: true });
    const { out, host } = await groundplane(["deploy", "dev", "--json"], { terminal, asks: true });
    expect(JSON.parse(out)).toEqual(runRecord());
    expect(host.answers).toEqual(["nobody"]);
  });

  test("--log-format json writes log records on standard error, nothing else, also of a failure", async () => {
    const events = [...UNTIL_UP, ...UNTIL_DONE];
    const linesOf = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
    const { err } = await groundplane(["deploy", "dev", "--log-format", "json"], { events });
    expect(linesOf(err)).toEqual(events.map(logRecords()));
    const fails = new GroundplaneError("STACK_BUSY", "someone is at it", { facts: { stack: "network" } });
    const failed = await groundplane(["deploy", "dev", "--log-format=json"], { fails });
    expect(linesOf(failed.err)).toEqual([
      {
        time: "2026-11-21T05:12:30.000Z",
        level: "error",
        message: "someone is at it",
        error: {
          code: "STACK_BUSY",
          source: "user",
          message: "someone is at it",
          facts: { stack: "network" },
        },
      },
    ]);
    const interrupting = new FakeTerminal();
    const cancelled = await groundplane(["deploy", "dev", "--log-format", "json"], {
      terminal: interrupting,
      during: () => interrupting.interrupt(),
    });
    expect(linesOf(cancelled.err)).toMatchObject([
      { level: "warn", message: expect.stringContaining("Cancelling") },
    ]);
    expect((await groundplane(["deploy", "dev", "--log-format", "xml"])).code).toBe(64);
  });

  test("shows plain timestamped lines without a terminal, and nothing with --quiet", async () => {
    const plain = await groundplane(["deploy", "dev"], { events: UNTIL_UP });
    expect(plain.err.split("\n")[0]).toBe(`05:12:30  ${RUN_ID} for dev/network, asked by ada`);
    expect(plain.err).not.toContain("\u001b");
    const quiet = await groundplane(["deploy", "dev", "--quiet"], { events: UNTIL_UP });
    expect(quiet.err).toBe("");
  });

  test("repaints the live view at a terminal, keeps warnings above it and gives the cursor back", async () => {
    const terminal = new FakeTerminal({ tty: true });
    const warning = event("engine.message", 3, { severity: "warning", message: "be careful" });
    const { err } = await groundplane(["deploy", "dev"], {
      events: [...UNTIL_UP, warning, ...UNTIL_DONE],
      terminal,
    });
    expect(err.startsWith("\u001b[?25l")).toBe(true);
    expect(err).toContain("warning: be careful\n");
    expect(err).toContain("✔ export                version 1");
    expect(err.endsWith("\u001b[?25h\n")).toBe(true);
  });

  test("the first Ctrl-C cancels through the signal, the second leaves", async () => {
    const terminal = new FakeTerminal();
    const seen: boolean[] = [];
    const { err } = await groundplane(["deploy", "dev"], {
      terminal,
      during: (signal) => {
        terminal.interrupt();
        seen.push(signal?.aborted === true);
        terminal.interrupt();
      },
    });
    expect(seen).toEqual([true]);
    expect(err).toContain("Cancelling");
    expect(terminal.exits).toEqual([INTERRUPTED]);
  });
});

describe("exit codes", () => {
  const states = timeline("PENDING", "IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "DONE");
  const { outcome: _outcome, ...open } = runRecord();
  const reason = (code: string) => ({ code, message: "because" });
  test.each([
    ["unchanged", runRecord({ outcome: "unchanged" }), 0],
    ["blocked", { ...open, state: "BLOCKED" as const, findings: [finding()] }, 3],
    ["rejected", runRecord({ outcome: "rejected" }), 5],
    ["expired", runRecord({ outcome: "expired" }), 5],
    ["cancelled", runRecord({ outcome: "cancelled" }), 5],
    ["rolled back", runRecord({ outcome: "rolled-back" }), 6],
    ["failed in the engine", runRecord({ outcome: "failed", reason: reason("ENGINE_FAILED") }), 6],
    ["failed without a known reason", runRecord({ outcome: "failed", reason: reason("SOMETHING") }), 6],
    ["failed for its config", runRecord({ outcome: "failed", reason: reason("CONFIG_INVALID") }), 64],
    [
      "failed for a missing pack",
      runRecord({ outcome: "failed", reason: reason("POLICY_PACK_NOT_FOUND") }),
      3,
    ],
    [
      "failed for lack of an engine",
      runRecord({ outcome: "failed", reason: reason("ENGINE_UNAVAILABLE") }),
      1,
    ],
  ])("a deployment that ended %s", async (_name, run, code) => {
    expect((await groundplane(["deploy", "dev"], { run })).code).toBe(code);
  });

  test("a preview is done with 0, and with 4 when no changes were expected", async () => {
    const run = runRecord({ operation: "preview", outcome: "cancelled", timeline: states });
    expect((await groundplane(["preview", "dev"], { run })).code).toBe(0);
    expect((await groundplane(["preview", "dev", "--expect-no-changes"], { run })).code).toBe(4);
    const same = runRecord({ operation: "preview", outcome: "unchanged", timeline: states });
    expect((await groundplane(["preview", "dev", "--expect-no-changes"], { run: same })).code).toBe(0);
    const early = runRecord({
      operation: "preview",
      outcome: "cancelled",
      timeline: timeline("PENDING", "DONE"),
    });
    expect((await groundplane(["preview", "dev"], { run: early })).code).toBe(5);
  });

  test("rejecting and cancelling do what was asked", async () => {
    const run = runRecord({ outcome: "rejected" });
    const { code, host } = await groundplane(["reject", RUN_ID, "--as", "grace", "--comment", "no"], { run });
    expect(code).toBe(0);
    expect(host.calls).toEqual([{ method: "reject", request: { run: RUN_ID, by: "grace", comment: "no" } }]);
  });

  test("the table for people has the numbers of the contracts", () => {
    const listed = Object.fromEntries(EXIT_CODE_TABLE.map(({ name, code }) => [name, code]));
    expect(listed).toEqual({ ...EXIT_CODES, interrupted: INTERRUPTED });
  });
});

describe("approve", () => {
  test("approves without asking where there is no terminal", async () => {
    const { host, code } = await groundplane(["approve", RUN_ID, "--as", "grace", "--no-apply"], {
      run: waitingRun(),
    });
    expect(host.calls).toMatchObject([
      { method: "approve", request: { run: RUN_ID, by: "grace", apply: false } },
    ]);
    expect(code).toBe(2);
  });

  test("at a terminal it asks first, and leaves the run alone on later", async () => {
    const terminal = new FakeTerminal({ tty: true, answers: ["later"] });
    const { host, code, err } = await groundplane(["approve", RUN_ID, "--as", "grace"], {
      run: waitingRun(),
      terminal,
    });
    expect(err).toContain("Review of prod/network");
    expect(host.calls).toEqual([]);
    expect(code).toBe(2);
  });

  test("at a terminal a rejection rejects", async () => {
    const terminal = new FakeTerminal({ tty: true, answers: ["r"] });
    const { host } = await groundplane(["approve", RUN_ID, "--as", "grace"], { run: waitingRun(), terminal });
    expect(host.calls.map(({ method }) => method)).toEqual(["reject"]);
  });

  test("queues for the stack as long as told", async () => {
    const { host } = await groundplane(["approve", RUN_ID, "--yes", "--wait", "90s"], { run: waitingRun() });
    expect(host.calls).toMatchObject([{ method: "approve", request: { waitMs: 90_000 } }]);
    const deploy = await groundplane(["deploy", "dev", "--wait", "2h"]);
    expect(deploy.host.calls).toMatchObject([{ method: "deploy", request: { waitMs: 7_200_000 } }]);
    const all = await groundplane(["destroy", "dev", "--all", "--wait", "10m"]);
    expect(all.host.calls).toMatchObject([{ method: "destroyEnvironment", request: { waitMs: 600_000 } }]);
    const refused = await groundplane(["deploy", "dev", "--wait", "soon"]);
    expect([refused.code, refused.host.calls]).toEqual([64, []]);
    expect(refused.err).toContain('"30s", "10m" or "2h"');
    expect((await groundplane(["deploy", "dev"])).host.calls[0]?.request).not.toHaveProperty("waitMs");
  });

  test("fails when what was typed is no run", async () => {
    const { code, err } = await groundplane(["approve", "latest"]);
    expect(code).toBe(64);
    expect(err).toContain('"latest" is no run');
  });
});

describe("identity", () => {
  const requester = async (argv: readonly string[], env: Record<string, string> = {}) => {
    const { host, code, err } = await groundplane(["deploy", "dev", ...argv], {
      terminal: new FakeTerminal({ env }),
    });
    return code === 0 ? Object(host.calls[0]?.request).requester : err;
  };

  test("is --as, else GROUNDPLANE_ACTOR, else the login", async () => {
    expect(await requester(["--as", "grace"], { GROUNDPLANE_ACTOR: "linus" })).toBe("grace");
    expect(await requester([], { GROUNDPLANE_ACTOR: "linus" })).toBe("linus");
    expect(await requester([])).toBe("ada");
  });

  test("fails when it is no login, naming where it came from", async () => {
    expect(await requester([], { GROUNDPLANE_ACTOR: "a b" })).toContain(
      '"a b" (from GROUNDPLANE_ACTOR) is no login',
    );
  });
});

describe("looking", () => {
  test("status lists runs, tells one, and gives the journal", async () => {
    expect((await groundplane(["status"])).out).toContain("✔ applied");
    expect((await groundplane(["status", RUN_ID])).out).toContain("WAIT_FOR_APPROVE");
    expect(JSON.parse((await groundplane(["status", "--json"])).out)).toEqual([runRecord()]);
    expect(JSON.parse((await groundplane(["status", RUN_ID, "--json"])).out)).toEqual(runRecord());
    expect(JSON.parse((await groundplane(["status", RUN_ID, "--history", "--json"])).out)).toEqual([]);
  });

  test("diff and outputs print what they are asked for", async () => {
    expect((await groundplane(["diff", RUN_ID])).out).toContain("DATA LOSS");
    expect((await groundplane(["outputs", "dev"])).out).toContain("vpc-1");
    expect(JSON.parse((await groundplane(["outputs", "dev", "--json"])).out)).toMatchObject({ version: 2 });
  });

  test("env quotes what a shell would take apart", async () => {
    expect((await groundplane(["env", "dev"])).out).toContain("export PULUMI_HOME='/project/with space'\n");
  });

  test("doctor exits with 1 when something is missing, and says so in JSON", async () => {
    const { code, out } = await groundplane(["doctor", "--json"], {
      terminal: new FakeTerminal({ cwd: "/" }),
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        {
          area: "engine",
          status: "fail",
          message: "no Pulumi engine 3.220.0",
          remedy: "Put Pulumi 3.220.0 on PATH.",
        },
      ]),
    });
  });

  test("doctor shows plugins of npm packages, and --fix installs them", async () => {
    const plugins = async (args: readonly string[]) => {
      const { out, host } = await groundplane(["doctor", "--json", ...args]);
      const { checks }: { checks: { area: string; status: string; message: string }[] } = JSON.parse(out);
      expect(host.calls).toContainEqual({
        method: "plugins",
        request: { install: args.includes("--fix") },
      });
      return checks.filter(({ area }) => area === "plugins");
    };
    // Only sandboxes: nothing is amiss.
    expect(await plugins([])).toEqual([
      {
        area: "plugins",
        status: "ok",
        message:
          "acme 1.2.3: it is not in /plugins; only a real environment needs it (groundplane doctor --fix)",
      },
    ]);
    expect(await plugins(["--fix"])).toEqual([
      { area: "plugins", status: "ok", message: "acme 1.2.3: as in @acme/plugin 1.0.0" },
    ]);
  });
});

describe("errors", () => {
  test("show code, message and the facts that the message lacks", async () => {
    const fails = new GroundplaneError("STACK_BUSY", "run-1 has it.", {
      facts: { holder: "run-1", since: "noon" },
    });
    const { code, err, out } = await groundplane(["deploy", "dev"], { fails });
    expect(code).toBe(5);
    expect(err).toBe("error STACK_BUSY: run-1 has it.\n  since: noon\n");
    expect(out).toBe("");
  });

  test("are one JSON document with --json", async () => {
    const fails = new GroundplaneError("STACK_BUSY", "run-1 has it.", { facts: { holder: "run-1" } });
    const { out, err } = await groundplane(["deploy", "dev", "--json"], { fails });
    expect(JSON.parse(out)).toEqual({
      error: { code: "STACK_BUSY", source: "user", message: "run-1 has it.", facts: { holder: "run-1" } },
    });
    expect(err).toBe("");
  });

  test("hide the stack of what was not foreseen, unless GROUNDPLANE_DEBUG is set", async () => {
    const fails = new TypeError("x is undefined");
    const hidden = await groundplane(["deploy", "dev"], { fails });
    expect(hidden.code).toBe(1);
    expect(hidden.err).toContain("error UNEXPECTED: x is undefined\n");
    expect(hidden.err).not.toContain("    at ");
    const terminal = new FakeTerminal({ env: { GROUNDPLANE_DEBUG: "1" } });
    expect((await groundplane(["deploy", "dev"], { fails, terminal })).err).toContain("    at ");
  });

  test.each([
    [["deplyo", "dev"], "error INVALID_ARGUMENT: unknown command 'deplyo'. Did you mean deploy?"],
    [["deploy"], "error INVALID_ARGUMENT: missing required argument 'environment'"],
    [["deploy", "dev", "--jsn"], "error INVALID_ARGUMENT: unknown option '--jsn'. Did you mean --json?"],
    [["status", "--limit", "many"], "error INVALID_ARGUMENT: limit: --limit is a whole number"],
    [["sandbox", "st", "dev"], "error INVALID_ARGUMENT: unknown command 'st'. Did you mean set?"],
  ])("of usage exit with 64: %j", async (argv, message) => {
    const { code, err, out } = await groundplane(argv);
    expect(err.split("\n")[0]).toBe(message);
    expect(code).toBe(64);
    expect(out).toBe("");
  });

  test("of usage are JSON with --json", async () => {
    const { out, code } = await groundplane(["deploy", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "INVALID_ARGUMENT", source: "user" } });
    expect(code).toBe(64);
  });
});

describe("help", () => {
  test("lists commands, examples and exit codes", async () => {
    const { code, out } = await groundplane(["--help"]);
    expect(code).toBe(0);
    for (const text of [
      "deploy [options] <environment> [stack]",
      "Exit codes:",
      "  64   ",
      "$ groundplane deploy dev network",
    ]) {
      expect(out).toContain(text);
    }
    expect((await groundplane([])).out).toBe(out);
    expect((await groundplane(["help"])).out).toBe(out);
  });

  test("of a command has examples and the options that all have", async () => {
    const { code, out } = await groundplane(["deploy", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Examples:\n  $ groundplane deploy dev");
    expect(out).toContain("--json");
    expect((await groundplane(["help", "deploy"])).out).toBe(out);
  });

  test("--version prints the version", async () => {
    expect(await groundplane(["--version"])).toMatchObject({ code: 0, out: "1.2.3\n" });
  });
});
