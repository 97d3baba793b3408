import { describe, expect, test } from "vitest";
import { FakeHost } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { changeSet, RUN_ID, runRecord, waitingRun } from "../run.fixture.ts";

async function groundplane(argv: readonly string[], run = runRecord({ operation: "restore" })) {
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, out: terminal.stdoutText, err: terminal.stderrText };
}

describe("restore", () => {
  test("lists the kept states, and which of them is not intact", async () => {
    const { code, out, host } = await groundplane(["restore", "dev", "--list"]);
    expect(code).toBe(0);
    expect(out).toMatch(/after .*not intact: the file is gone or was changed/);
    expect(out).toMatch(/before .*2 resources, 1 pending/);
    expect(host.calls).toEqual([]);
    const { out: json } = await groundplane(["restore", "dev", "--list", "--json"]);
    expect(JSON.parse(json)).toMatchObject([{ moment: "after" }, { moment: "before" }]);
  });

  test("asks for the newest state, or for that of a run, and says what to look at next", async () => {
    const { code, host, out } = await groundplane(["restore", "dev", "network"]);
    expect([code, host.calls[0]]).toMatchObject([
      0,
      { method: "restore", request: { stack: "network", environment: "dev", requester: "ada" } },
    ]);
    expect(host.calls[0]?.request).not.toHaveProperty("from");
    expect(out).toContain("state restored");
    expect(out).toContain("groundplane drift dev network");
    const named = await groundplane(["restore", "dev", "--from", RUN_ID, "--before", "--dry-run"]);
    expect(named.host.calls[0]?.request).toMatchObject({
      from: { run: RUN_ID, moment: "before" },
      previewOnly: true,
    });
  });

  test("that was only shown is done, and one that waits says how to approve it", async () => {
    const shown = runRecord({
      ...{ operation: "restore", outcome: "cancelled" },
      reason: { code: "PREVIEW_ONLY", message: "a preview was asked for" },
    });
    expect((await groundplane(["restore", "dev", "--dry-run"], shown)).code).toBe(0);
    const waits = await groundplane(["restore", "dev"], waitingRun({ operation: "restore" }));
    expect(waits.code).toBe(2);
    expect(waits.out).toContain(`groundplane approve ${RUN_ID}`);
  });

  test.each([
    [["restore", "dev", "--before"], "name the run with --from"],
    [["restore", "dev", "--from", "yesterday"], "from"],
  ])("fails when it is not clear which state is meant: %s", async (argv, words) => {
    const { code, err, host } = await groundplane(argv);
    expect([code, host.calls]).toEqual([64, []]);
    expect(err).toContain(words);
  });
});

test("a change set of a state alone says that nothing in the cloud changes", async () => {
  const { changeSetLines } = await import("../render/change-set.ts");
  const { styleFor } = await import("../terminal.ts");
  const terminal = new FakeTerminal();
  const style = styleFor(terminal.stdout, {}, false);
  const text = changeSetLines(changeSet({ operation: "state", unreadable: "it is cut short" }), style).join(
    "\n",
  );
  expect(text).toContain("the state alone");
  expect(text).toContain("nothing in the cloud changes");
  expect(text).toContain("it is cut short");
});
