import picocolors from "picocolors";
import { expect, test } from "vitest";
import { finding, outputsArtifact, runRecord, timeline, waitingRun } from "../run.fixture.ts";
import { runSummaryLines } from "./run-summary.ts";

const plain = picocolors.createColors(false);
const summary = (...args: Parameters<typeof runRecord>) =>
  runSummaryLines(runRecord(...args), plain).join("\n");

test("says what was applied and where the outputs are", () => {
  const exported = { artifact: outputsArtifact(), files: ["outputs/network.json", "outputs/network.env"] };
  expect(runSummaryLines(runRecord(), plain, { exported }).join("\n")).toMatchInlineSnapshot(`
    "dev/network  ✔ applied  (sandbox)
      Changes     3 created, 1 unchanged
      Run         run-20261121-051229-abc123, deploy by ada, 12 s
      Outputs v2  outputs/network.json
                  outputs/network.env

    Next
      groundplane outputs dev network                what it hands on
      groundplane status run-20261121-051229-abc123  what happened, step by step"
  `);
});

test("says who is still needed, until when, and the command that approves", () => {
  expect(runSummaryLines(waitingRun(), plain).join("\n")).toMatchInlineSnapshot(`
    "prod/network  ● waits for approval  (sandbox)
      Changes    3 to create, 1 unchanged
      Waits for  1 approval is missing: one person other than the requester (ada)
      Lapses     2026-11-21 06:12:33 UTC
      Run        run-20261121-051229-abc123, deploy by ada, 12 s

    Next
      groundplane review run-20261121-051229-abc123                a page to decide from
      groundplane diff run-20261121-051229-abc123                  every property
      groundplane approve run-20261121-051229-abc123 --as <login>  approve, apply
      groundplane reject run-20261121-051229-abc123 --as <login>   turn it down"
  `);
});

test("names a member of the group who can approve", () => {
  const approvalRule = {
    ...{ type: "group" as const, members: ["ada", "grace", "linus"], count: 2 },
    ...{ requesterCounts: false, expiresAfterMinutes: 60 },
  };
  const lines = runSummaryLines(waitingRun({ approvalRule, approvalsMissing: 2 }), plain);
  expect(lines.join("\n")).toContain("--as grace");
  expect(lines.join("\n")).toContain(
    "2 approvals are missing: 2 of ada, grace, linus; the requester's own does not count",
  );
});

test("shows why a run is blocked, and how to mend it", () => {
  const { outcome: _outcome, ...run } = runRecord();
  const blocked = {
    ...run,
    state: "BLOCKED" as const,
    timeline: timeline("PENDING", "IN_PROGRESS", "VALIDATING", "BLOCKED"),
    findings: [finding()],
    reason: { code: "POLICY_VIOLATION", message: "1 mandatory finding" },
  };
  expect(runSummaryLines(blocked, plain).join("\n")).toMatchInlineSnapshot(`
    "dev/network  ✖ blocked  (sandbox)
      Changes  3 to create, 1 unchanged
      Because  1 mandatory finding (POLICY_VIOLATION)
      Run      run-20261121-051229-abc123, deploy by ada, 12 s

    Findings
      ✖ no-open-ingress  high, mandatory
          web: ingress[0] lets 0.0.0.0/0 reach port 22.
          Fix: Name the networks that need it.
          Source: manual, section 4

    Next
      groundplane diff run-20261121-051229-abc123  every property
      groundplane deploy dev network               once the findings are mended"
  `);
});

test("shows the reason of a failure", () => {
  expect(
    summary({ outcome: "failed", reason: { code: "ENGINE_FAILED", message: "1 of 3 operations failed" } }),
  ).toMatchInlineSnapshot(`
    "dev/network  ✖ failed  (sandbox)
      Changes  3 to create, 1 unchanged
      Because  1 of 3 operations failed (ENGINE_FAILED)
      Run      run-20261121-051229-abc123, deploy by ada, 12 s

    Next
      groundplane status run-20261121-051229-abc123  what happened, step by step
      groundplane deploy dev network                 try again; it goes on from what is there
      groundplane rollback dev network               or back to what stood before"
  `);
});

test("says that nothing changed", () => {
  expect(summary({ outcome: "unchanged", counts: { same: 24 } })).toMatchInlineSnapshot(`
    "dev/network  ✔ no changes  (sandbox)
      Changes  no changes, 24 unchanged
      Run      run-20261121-051229-abc123, deploy by ada, 12 s

    Next
      groundplane outputs dev network                what it hands on
      groundplane status run-20261121-051229-abc123  what happened, step by step"
  `);
});

test("leads from a preview to its diff and the deployment", () => {
  const states = timeline("PENDING", "IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "DONE");
  expect(
    summary({
      operation: "preview",
      outcome: "cancelled",
      timeline: states,
      reason: { code: "PREVIEW_ONLY", message: "x" },
    }),
  ).toMatchInlineSnapshot(`
    "dev/network  ✔ previewed  (sandbox)
      Changes  3 to create, 1 unchanged
      Run      run-20261121-051229-abc123, preview by ada, 12 s

    Next
      groundplane diff run-20261121-051229-abc123  every property
      groundplane deploy dev network               make it so"
  `);
});

test("leaves out what an engine says of each operation that it did not begin", () => {
  const unmet = (name: string) =>
    `expected resource operations for urn:pulumi:dev::network::a:b:C::${name} but none were seen`;
  const message = [
    "the engine failed after 3 of its steps.",
    "api error: try again",
    unmet("x"),
    unmet("y"),
  ].join("\n");
  const lines = runSummaryLines(
    runRecord({ outcome: "failed", reason: { code: "ENGINE_FAILED", message } }),
    plain,
  );
  expect(lines.slice(2, 5)).toEqual([
    "  Because  the engine failed after 3 of its steps. (ENGINE_FAILED)",
    "           api error: try again",
    "           2 planned operations were not begun",
  ]);
});

test("a preview says what it rests on, and that the whole environment comes next", () => {
  const preview = summary({
    operation: "preview",
    outcome: "cancelled",
    reason: { code: "PREVIEW_ONLY", message: "a preview was asked for, and nothing was applied" },
    assumes: [{ stack: "base", output: "vpcId", known: false }],
  });
  expect(preview).toContain("Rests on  planned outputs of base; not known yet: base.vpcId");
  expect(preview).toMatch(/groundplane deploy dev {2,}make it so/);
});

test("a preview that cannot be made yet is no failure, and says what is missing", () => {
  const preview = summary({
    operation: "preview",
    outcome: "failed",
    reason: { code: "UPSTREAM_NOT_KNOWN", message: "has to wait for base: not known yet: base.zones." },
  });
  expect(preview).toContain("○ waits for what it needs");
  expect(preview).toContain("not known yet: base.zones. (UPSTREAM_NOT_KNOWN)");
});

test.each([
  ["STATE_CORRUPT", "the state cannot be read", "groundplane restore dev network "],
  [
    "ENGINE_FAILED",
    'the stack is uncertain: … "groundplane pending dev network" tells',
    "groundplane pending dev network",
  ],
])("after %s the next step is the one that mends it, and not to try again", (code, message, step) => {
  const text = summary({
    outcome: "failed",
    timeline: timeline("PENDING", "APPLYING", "DONE"),
    reason: { code, message },
  });
  const next = text.slice(text.indexOf("Next"));
  expect(next).toContain(step);
  expect(next).not.toMatch(/groundplane (deploy|rollback)/);
});

test("what never ended is settled first", () => {
  const { outcome: _outcome, ...run } = runRecord();
  const blocked = { ...run, state: "BLOCKED" as const, findings: [finding({ rule: "pending-operation" })] };
  expect(runSummaryLines(blocked, plain).join("\n")).toContain("groundplane pending dev network");
});
