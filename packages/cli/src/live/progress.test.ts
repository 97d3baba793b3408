import type { GroundplaneEvent } from "@groundplane/contracts";
import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { finding } from "../run.fixture.ts";
import { eventWords } from "./event-line.ts";
import { event, UNTIL_DONE, UNTIL_UP } from "./events.fixture.ts";
import { advance, NO_PROGRESS } from "./progress.ts";
import { progressLines } from "./progress-lines.ts";

const plain = picocolors.createColors(false);
const fold = (...events: readonly GroundplaneEvent[]) => events.reduce(advance, NO_PROGRESS);

function frame(
  events: readonly GroundplaneEvent[],
  size: { columns?: number; rows?: number } = {},
): string[] {
  return progressLines(
    fold(...events),
    {
      ...{ title: "deploy dev/network (sandbox)", now: new Date("2026-11-21T05:12:34.000Z"), frame: 0 },
      ...{ columns: size.columns ?? 100, rows: size.rows ?? 24 },
    },
    plain,
  );
}

describe("live view", () => {
  test("shows steps, elapsed times and operations under way", () => {
    expect(frame(UNTIL_UP).join("\n")).toMatchInlineSnapshot(`
      "deploy dev/network (sandbox)  run-20261121-051229-abc123
        ✔ preview        1.2 s  2 to create, 1 unchanged
        ✔ policy         0.8 s  no findings
        ✔ approve               automatic
        ⠋ up             2.0 s  1 of 2
            + creating main-private-a  aws:ec2:Subnet  1.0 s
        ○ verify
        ○ export"
    `);
  });

  test("says who is waited for, until the run goes on", () => {
    const waiting = event("stack.lease.waiting", 0, {
      holder: { run: "run-20261121-051000-fff000", host: "ci-1", pid: 77, since: "2026-11-21T05:10:00.000Z" },
      position: 2,
    });
    const queued = [event("run.created", 0, { requester: "ada" }), waiting];
    expect(frame(queued)[1]).toBe(
      "  waits for run-20261121-051000-fff000 (process 77 on ci-1), number 2 in the queue",
    );
    const moved = event("run.moved", 3, { from: "PENDING", to: "IN_PROGRESS" });
    expect(frame([...queued, moved]).join("\n")).not.toContain("waits for");
    expect(eventWords(waiting, plain)).toContain("number 2 in the queue");
  });

  test("shows every step done at the end", () => {
    expect(frame([...UNTIL_UP, ...UNTIL_DONE]).join("\n")).toMatchInlineSnapshot(`
      "deploy dev/network (sandbox)  run-20261121-051229-abc123
        ✔ preview        1.2 s  2 to create, 1 unchanged
        ✔ policy         0.8 s  no findings
        ✔ approve               automatic
        ✔ up             2.5 s  2 created, 1 unchanged
        ✔ verify         1.5 s
        ✔ export                version 1"
    `);
  });

  test("drops what has no room on a narrow terminal, and never wraps", () => {
    const lines = frame(UNTIL_UP, { columns: 40 });
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "deploy dev/network (sandbox)  run-20261…
        ✔ preview        1.2 s
        ✔ policy         0.8 s
        ✔ approve
        ⠋ up             2.0 s  1 of 2
            + main-private-a  1.0 s
        ○ verify
        ○ export"
    `);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  test("says how many more operations a low terminal hides", () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      event("resource.started", 3, {
        ...{ urn: `urn:many:${index}`, type: "aws:ec2/subnet:Subnet", name: `s${index}` },
        ...{ operation: "create", planning: false },
      }),
    );
    const lines = frame([...UNTIL_UP, ...many], { rows: 14 });
    expect(lines.length).toBeLessThanOrEqual(13);
    expect(lines).toContain("      … and 28 more");
  });

  test("marks the step in which a run was blocked", () => {
    const blocked = [
      ...UNTIL_UP.slice(0, 7),
      event("stack.policy.finished", 2, { findings: [finding()], blocking: 1, durationMs: 800 }),
      event("run.moved", 2, { from: "VALIDATING", to: "BLOCKED" }),
    ];
    expect(frame(blocked)[2]).toBe("  ✖ policy         0.8 s  1 mandatory");
  });

  test("shows an approval that is missing, then given, then void", () => {
    const waiting = event("stack.review.ready", 2, {
      digest: `sha256:${"a".repeat(64)}`,
      approvalsMissing: 2,
    });
    const first = event("stack.approval.decided", 3, {
      by: "grace",
      verdict: "approve",
      approvalsMissing: 1,
      waitedMs: 1000,
    });
    const second = event("stack.approval.decided", 4, {
      by: "linus",
      verdict: "approve",
      approvalsMissing: 0,
      waitedMs: 2000,
    });
    const moved = event("stack.review.void", 4, { moved: ["state"] });
    expect(fold(waiting).steps.approve.detail).toBe("2 approvals missing");
    expect(fold(waiting, first).steps.approve.detail).toBe("approved by grace, 1 approval missing");
    expect(fold(waiting, first, second).steps.approve).toMatchObject({
      state: "done",
      detail: "approved by linus",
    });
    expect(fold(waiting, moved).steps.approve).toMatchObject({
      state: "failed",
      detail: "void: state moved since the review",
    });
  });

  test("fails when an operation failed: the step is marked and the count shown", () => {
    const failed = event("resource.failed", 3, {
      ...{ urn: "urn:2", type: "aws:ec2/subnet:Subnet", name: "main-private-a", operation: "create" },
    });
    expect(frame([...UNTIL_UP, failed])[4]).toContain("1 of 2, 1 failed");
    const ended = event("stack.up.finished", 4, { counts: { create: 1 }, durationMs: 2000 });
    expect(fold(...UNTIL_UP, failed, ended).steps.up.state).toBe("failed");
  });
});

describe("a run that fails", () => {
  const failing = (code: string) =>
    event("run.moved", 9, {
      from: "APPLYING",
      to: "DONE",
      outcome: "failed",
      reason: { code, message: "because" },
    });
  const failedSteps = (...events: readonly GroundplaneEvent[]) =>
    Object.entries(fold(...events).steps).flatMap(([name, { state }]) => (state === "failed" ? [name] : []));

  test("marks up although the engine said that it is through", () => {
    expect(failedSteps(...UNTIL_UP, ...UNTIL_DONE.slice(0, 2), failing("ENGINE_FAILED"))).toEqual(["up"]);
  });

  test("marks the preview when its failure shows as the packs begin", () => {
    const events = [...UNTIL_UP.slice(0, 7), failing("ENGINE_FAILED")];
    expect(failedSteps(...events)).toEqual(["preview"]);
    expect(fold(...events).steps.policy.state).toBe("waiting");
    expect(failedSteps(...UNTIL_UP.slice(0, 7), failing("POLICY_PACK_FAILED"))).toEqual(["policy"]);
  });

  test("marks verify when it failed, and export when verify held", () => {
    const verified = event("stack.verify.finished", 6, { ok: false, durationMs: 1500 });
    expect(
      failedSteps(...UNTIL_UP, ...UNTIL_DONE.slice(0, 3), verified, failing("VERIFICATION_FAILED")),
    ).toEqual(["verify"]);
    expect(failedSteps(...UNTIL_UP, ...UNTIL_DONE.slice(0, 5), failing("OUTPUTS_INVALID"))).toEqual([
      "export",
    ]);
  });
});

describe("plain lines", () => {
  test("tell a deployment, without planning and without what is only begun", () => {
    const words = [...UNTIL_UP, ...UNTIL_DONE]
      .map((each) => eventWords(each, plain))
      .filter((line) => line !== undefined);
    expect(words.join("\n")).toMatchInlineSnapshot(`
      "run-20261121-051229-abc123 for dev/network, asked by ada
      engine 3.220.0 (path)
      preview: the engine plans
      preview: 2 to create, 1 unchanged (1.2 s)
      policy: @groundplane/policy-baseline
      policy: no findings (0.8 s)
      approve: nobody is asked, digest sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      up: the engine applies the plan
      + created aws:ec2:Vpc main-vpc (1.0 s)
      + created aws:ec2:Subnet main-private-a (1.0 s)
      up: 2 created, 1 unchanged (2.5 s)
      verify: checks, and a preview that must show no changes
      verify: subnets are there holds
      verify: in order (1.5 s)
      export: version 1
      DONE, applied"
    `);
  });

  test("keep the reason of a run that ends otherwise", () => {
    const reason = { code: "APPROVAL_VOID", message: "state moved" };
    expect(
      eventWords(
        event("run.moved", 1, { from: "WAIT_FOR_APPROVE", to: "DONE", outcome: "cancelled", reason }),
        plain,
      ),
    ).toBe("DONE, cancelled: state moved");
  });
});
