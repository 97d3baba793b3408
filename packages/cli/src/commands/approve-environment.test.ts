import { describe, expect, test } from "vitest";
import { FakeHost, type FakeHostOptions } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { RUN_ID, runRecord, SHA, waitingRun } from "../run.fixture.ts";

interface Options extends Partial<FakeHostOptions> {
  readonly answers?: readonly string[];
}

async function groundplane(argv: readonly string[], { answers, ...options }: Options = {}) {
  const terminal = new FakeTerminal(answers === undefined ? {} : { tty: true, answers, columns: 200 });
  const host = new FakeHost({ run: runRecord(), waiting: [waitingRun()], ...options });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, terminal, out: terminal.stdoutText, err: terminal.stderrText };
}

const APPROVE = ["approve", "--environment", "prod"];

describe("approve --environment", () => {
  test("shows the set with what is lost and its digest, asks once, and approves that set", async () => {
    const { code, host, err, out, terminal } = await groundplane(
      [...APPROVE, "--as", "grace", "--comment", "ok"],
      {
        answers: ["what?", "approve"],
      },
    );
    expect(err).toContain("Reviewed in prod  sandbox, 1 run");
    expect(err).toMatch(
      /network {2,}3 to create, 1 unchanged {2,}0 findings {2,}by ada {2,}1 approval is missing/,
    );
    expect(err).toContain("DATA LOSS");
    expect(err).toContain(`Digest of the set: ${SHA}`);
    expect(terminal.questions).toHaveLength(2);
    expect(terminal.questions[0]).toContain("Approve all 1 as grace?");
    expect(host.calls).toMatchObject([
      {
        method: "approveEnvironment",
        request: {
          environment: "prod",
          by: "grace",
          digest: SHA,
          comment: "ok",
          apply: true,
          concurrency: 4,
        },
      },
    ]);
    expect(out).toContain("prod: 1 of 1 stacks");
    expect(code).toBe(0);
  });

  test("leaves it for later unless approve is typed", async () => {
    const { code, host, out } = await groundplane(APPROVE, { answers: [""] });
    expect([code, host.calls, out]).toEqual([2, [], "prod: nothing was approved.\n"]);
  });

  test("with --digest or --yes nobody is asked", async () => {
    const other = `sha256:${"b".repeat(64)}`;
    const exact = await groundplane([...APPROVE, "--digest", other, "--no-apply"]);
    expect(exact.host.calls).toMatchObject([{ request: { digest: other, apply: false } }]);
    const yes = await groundplane([...APPROVE, "--yes", "--json"]);
    expect(yes.host.calls).toMatchObject([{ request: { digest: SHA } }]);
    expect(JSON.parse(yes.out)).toMatchObject({
      environment: "prod",
      digest: SHA,
      runs: [{ id: RUN_ID }],
      skipped: [],
      voided: [],
      problems: [],
    });
  });

  test("fails when nobody could look at the set, when nothing waits, and when a run is named too", async () => {
    for (const [argv, options, text] of [
      [APPROVE, {}, "give --digest"],
      [[...APPROVE, "--json"], { answers: ["approve"] }, "give --digest"],
      [APPROVE, { answers: ["approve"], waiting: [] }, "nothing waits for approval"],
      [[...APPROVE, RUN_ID], {}, "say one of the two"],
      [["approve"], {}, "say one of the two"],
      [["approve", RUN_ID, "--digest", SHA], {}, "--digest goes with --environment"],
      [[...APPROVE, "--digest", "abc"], {}, "digest"],
    ] as const) {
      const { code, host, out, err } = await groundplane(argv, options);
      expect([argv, code, host.calls]).toEqual([argv, 64, []]);
      expect(`${out}${err}`).toContain(text);
    }
  });

  test("says whose review became void, and exits with where the runs stand", async () => {
    const { out, code } = await groundplane([...APPROVE, "--yes"], {
      run: runRecord({ outcome: "expired" }),
      voided: [{ stack: "app", run: RUN_ID, because: ["network"] }],
    });
    expect(out).toContain("app: its review is void, as network hands on something else now");
    expect(code).toBe(5);
    expect((await groundplane([...APPROVE, "--yes"], { run: waitingRun() })).code).toBe(2);
  });
});

describe("review --environment", () => {
  test("lists what waits, its pages, and the command that approves exactly that", async () => {
    const { code, out } = await groundplane(["review", "--environment", "prod"]);
    expect(code).toBe(0);
    expect(out).toContain("file:///project/.groundplane/runs/review.html");
    expect(out).toContain(`groundplane approve --environment prod --digest ${SHA}`);
    const json = await groundplane(["review", "--environment", "prod", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ digest: SHA, pages: [{ run: RUN_ID }] });
    const none = await groundplane(["review", "--environment", "prod"], { waiting: [] });
    expect(none.out).toBe("prod: nothing waits for approval.\n");
  });
});
