import { expect, test } from "vitest";
import { FakeHost, type FakeHostOptions } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { OTHER_RUN_ID, RUN_ID, runRecord, timeline, waitingRun } from "../run.fixture.ts";

const rolledBack = runRecord({
  operation: "rollback",
  outcome: "rolled-back",
  returnTo: OTHER_RUN_ID,
  rollback: {
    ...{ to: OTHER_RUN_ID, since: "2026-11-21T05:12:29.000Z", late: [] },
    ...{ beganAt: "2026-11-21T05:12:31.500Z", finishedAt: "2026-11-21T05:12:41.000Z" },
  },
});

async function groundplane(argv: readonly string[], options: Partial<FakeHostOptions> = {}) {
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run: rolledBack, ...options });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, out: terminal.stdoutText, err: terminal.stderrText };
}

test("goes to the run named, as the login, and exits with 0", async () => {
  const { code, out, host } = await groundplane([
    ...[
      "rollback",
      "dev",
      "network",
      "--to",
      OTHER_RUN_ID,
      "--confirm",
      "urn:a",
      "--refresh",
      "--wait",
      "30s",
    ],
  ]);
  expect(host.calls).toMatchObject([
    {
      method: "rollback",
      request: {
        ...{ environment: "dev", stack: "network", requester: "ada", to: OTHER_RUN_ID },
        ...{ confirm: ["urn:a"], refresh: true, waitMs: 30_000 },
      },
    },
  ]);
  expect(out).toContain("dev/network  ✔ rolled back");
  expect(out).toContain(`${OTHER_RUN_ID}, began 2.5 s after it was asked for, finished after 12 s`);
  expect(code).toBe(0);
});

test("names no run of its own, and shows the way back without going it", async () => {
  const { host } = await groundplane(["rollback", "dev", "--dry-run"]);
  expect(host.calls[0]?.request).toMatchObject({ previewOnly: true });
  expect(host.calls[0]?.request).not.toHaveProperty("to");
});

test("lists the runs, and asks for none", async () => {
  const { code, out, host } = await groundplane(["rollback", "dev", "--list"]);
  expect(out).toMatch(new RegExp(`${RUN_ID} .* stands now`));
  expect(out).toMatch(new RegExp(`${OTHER_RUN_ID} .* next way back`));
  expect([code, host.calls]).toEqual([0, []]);
  const json = await groundplane(["rollback", "dev", "--list", "--json"]);
  expect(JSON.parse(json.out)).toMatchObject([{ run: RUN_ID, stands: true }, { run: OTHER_RUN_ID }]);
});

test.each([
  ["--to is no run", ["--to", "yesterday"]],
  ["a list is asked for and a run is named", ["--list", "--to", OTHER_RUN_ID]],
])("fails when %s", async (_why, more) => {
  const { code, host } = await groundplane(["rollback", "dev", ...more]);
  expect([code, host.calls]).toEqual([64, []]);
});

test("a deployment that failed and went back is no success, and says both", async () => {
  const run = runRecord({
    outcome: "rolled-back",
    reason: { code: "ENGINE_FAILED", message: "the engine failed" },
    timeline: timeline("PENDING", "APPLYING", "ROLLBACK", "DONE"),
    rollback: {
      ...{ to: OTHER_RUN_ID, since: "2026-11-21T05:12:29.000Z" },
      late: [{ phase: "begin", at: "2026-11-21T05:18:29.000Z", tookMs: 360_000 }],
    },
  });
  const { code, out } = await groundplane(["deploy", "dev"], { run });
  expect(code).toBe(6);
  expect(out).toContain("failed, rolled back");
  expect(out).toContain("the engine failed");
  expect(out).toContain("Back to");
  expect(out).toContain("to begin: 6 min 0 s were over, the limit is 5 min 0 s");
});

test("says before approval what a failure does", async () => {
  const run = waitingRun({ onFailure: { rule: "roll-back", to: OTHER_RUN_ID } });
  expect((await groundplane(["deploy", "dev"], { run })).out).toContain(
    `it goes back to run ${OTHER_RUN_ID}`,
  );
  const first = waitingRun({ onFailure: { rule: "roll-back" } });
  expect((await groundplane(["deploy", "dev"], { run: first })).out).toContain("nothing to go back to");
});

test("status tells that a way back is overdue while it waits", async () => {
  const run = waitingRun({
    ...{ operation: "rollback", returnTo: OTHER_RUN_ID },
    rollback: { to: OTHER_RUN_ID, since: "2026-11-21T03:12:29.000Z", late: [] },
  });
  const { out } = await groundplane(["status", RUN_ID], { run });
  expect(out).toMatch(/Late +to begin: .* were over, the limit is 5 min 0 s/);
  expect(out).toMatch(/Late +to finish: .* were over, the limit is 15 min 0 s/);
});
