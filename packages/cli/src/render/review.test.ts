import picocolors from "picocolors";
import { expect, test } from "vitest";
import { changeSet, finding, SHA, waitingRun } from "../run.fixture.ts";
import { whyNotApprove } from "./approval.ts";
import { reviewLines } from "./review.ts";

const plain = picocolors.createColors(false);

test("shows what an approver must not overlook", () => {
  const run = waitingRun({ findings: [finding({ enforcement: "advisory" })], sandbox: false });
  expect(reviewLines({ run, changeSet: changeSet(), digest: SHA }, plain).join("\n")).toMatchInlineSnapshot(`
    "Review of prod/network  REAL CLOUD, deploy
      Run       run-20261121-051229-abc123
      Change    1 to create, 1 to update, 1 to replace, 1 to delete, 4 unchanged
      Asked by  ada
      Rule      one person other than the requester
      Missing   1 approval
      Lapses    2026-11-21 06:12:33 UTC
      Digest    sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

    Replaced or deleted
      ± replace  aws:s3:Bucket  logs  DATA LOSS  (bucket changes)
      - delete   aws:kms:Key  old  DATA LOSS  protected

    Findings
      ! no-open-ingress  high, advisory
          web: ingress[0] lets 0.0.0.0/0 reach port 22.
          Fix: Name the networks that need it.
          Source: manual, section 4

      Property by property: groundplane diff run-20261121-051229-abc123"
  `);
});

test("knows whom the rule does not allow", () => {
  const group = {
    ...{ type: "group" as const, members: ["ada", "grace"], count: 1 },
    ...{ requesterCounts: false, expiresAfterMinutes: 60 },
  };
  const decisions = [
    { by: "grace", verdict: "approve" as const, digest: SHA, at: "2026-11-21T05:12:33.500Z" },
  ];
  expect(whyNotApprove(waitingRun(), "ada")).toBe("ada asked for it, and the rule wants someone else");
  expect(whyNotApprove(waitingRun(), "grace")).toBeUndefined();
  expect(whyNotApprove(waitingRun({ approvalRule: group }), "linus")).toBe("linus is not one of ada, grace");
  expect(whyNotApprove(waitingRun({ approvalRule: group }), "ada")).toContain("does not count");
  expect(
    whyNotApprove(waitingRun({ approvalRule: { ...group, requesterCounts: true } }), "ada"),
  ).toBeUndefined();
  expect(whyNotApprove(waitingRun({ decisions }), "grace")).toBe("grace has approved it already");
});
