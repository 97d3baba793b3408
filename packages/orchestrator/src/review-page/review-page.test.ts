import { type ChangeSet, type JsonValue, type RunRecord, SECRET_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  approvableChangeSet,
  blockedRun,
  change,
  changeSet,
  changeSetOf,
  environment,
  finding,
  stacks,
  update,
  waitingRun,
} from "../../../../test/browser/review.fixture.ts";
import type { ReviewPageOptions } from "./review-facts.ts";
import { reviewPage } from "./review-page.ts";
import { STYLE } from "./style.ts";

const waiting = { run: waitingRun(), changeSet: approvableChangeSet, environment, stacks };
const blocked = { run: blockedRun(), changeSet, environment, stacks };

/** The page as read: no style, no tags, entities resolved. */
function readText(page: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", "#96": "`", amp: "&" };
  return page
    .replace(STYLE.toString(), "")
    .replaceAll(/<[^>]*>/g, "\n")
    .replaceAll(/&([a-z]+|#\d+);/g, (_, name: string) => entities[name] ?? "?")
    .replaceAll(/\s*\n\s*/g, "\n");
}

// Whatever is not a tag of these is text without < and >, and each attribute is quoted and of this list.
const ATTRIBUTES =
  "lang|charset|http-equiv|content|name|id|class|href|aria-(?:hidden|label)|role|tabindex|type|datetime|viewBox|d|x|y|rx|width|height";
const TAGS =
  "html|head|meta|title|style|body|svg|symbol|path|use|g|rect|text|a|p|strong|b|i|q|header|h[1-3]|div|nav|main|section|footer|ul|ol|li|dl|dt|dd|span|code|time|details|summary|fieldset|legend|label|input|del|ins";
const GRAMMAR = new RegExp(
  `^<!doctype html>(?:[^<>]|</(?:${TAGS})>|<(?:${TAGS})(?: (?:${ATTRIBUTES})="[^"<>]*"| open| checked)*/?>)*$`,
  "u",
);

function expectClean(page: string): void {
  const [before, after] = page.split(STYLE.toString());
  expect(GRAMMAR.test(`${before}${after}`)).toBe(true);
  for (const [, address] of page.matchAll(/ href="([^"]*)"/g)) expect(address).toMatch(/^#[a-z0-9-]+$/);
}

describe("reviewPage, whatever the run holds", () => {
  const nasty = fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: "binary", minLength: 1 }) },
    fc.constantFrom(
      "</style><script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      "</title><svg/onload=alert(1)>",
      "<!--",
      "]]>",
      "javascript:alert(1)",
      "&lt;b&gt;",
      "\u202E\u0000\uD800",
      "urn:pulumi:a::b::c$d::e\nf",
      "__proto__",
      "constructor",
    ),
  );
  const json: fc.Arbitrary<JsonValue> = fc.oneof(
    nasty,
    fc.array(nasty, { maxLength: 4 }),
    fc.dictionary(nasty, nasty, { maxKeys: 4 }),
    fc.constant({ ...SECRET_MARK }),
    nasty.map((text) => JSON.stringify({ text: text.repeat(20) })),
  );
  const property = fc.record({
    path: nasty,
    kind: fc.constantFrom("add", "update", "delete"),
    before: json,
    after: json,
    replaces: fc.boolean(),
  });
  const resource = fc.record({
    urn: nasty,
    type: nasty,
    name: nasty,
    operation: fc.constantFrom("create", "update", "replace", "delete", "import", "read", "forget"),
    id: nasty,
    parent: nasty,
    protect: fc.boolean(),
    holdsData: fc.boolean(),
    properties: fc.array(property, { maxLength: 3 }),
  });
  const anyFinding = fc
    .record({
      rule: nasty,
      title: nasty,
      message: nasty,
      remedy: nasty,
      source: nasty,
      urn: nasty,
      status: fc.constantFrom("violation", "not-evaluated", "exempted"),
      pack: fc.record({ name: nasty, version: nasty }),
    })
    .map(finding);
  const options: fc.Arbitrary<ReviewPageOptions> = fc
    .record({
      changes: fc.array(resource, { maxLength: 4 }),
      findings: fc.array(anyFinding, { maxLength: 4 }),
      text: nasty,
      other: nasty,
      blocks: fc.boolean(),
    })
    .map(({ changes, findings, text, other, blocks }) => {
      const set: ChangeSet = changeSetOf(changes, {
        stack: text,
        environment: other,
        project: text,
        refreshed: changes.map(({ urn, type, name, properties }) => ({
          urn,
          type,
          name,
          kind: properties.length === 0 ? "missing" : "changed",
          properties: properties.map(({ path, kind, before, after }) => ({ path, kind, before, after })),
          ignoredBy: { resource: urn, reason: other, who: text, until: other },
        })),
      });
      const more: Partial<RunRecord> = {
        id: text,
        project: other,
        stack: text,
        environment: other,
        requester: other,
        findings,
        reason: { code: text, message: other },
        confirmed: [text],
        createdAt: other,
        updatedAt: text,
        expiresAt: other,
        timeline: [{ state: "PENDING", at: text }],
        approvalRule: {
          type: "group",
          members: [text, other],
          count: 1,
          requesterCounts: false,
          expiresAfterMinutes: 1,
        },
        decisions: [{ by: text, verdict: "approve", digest: other, at: text, comment: other }],
      };
      const names = [
        { name: text, dependsOn: [other] },
        { name: other, dependsOn: [] },
      ];
      return {
        run: blocks ? blockedRun(more) : waitingRun(more),
        changeSet: set,
        environment,
        stacks: names,
      };
    });

  test("never makes markup of it, or an address", () => {
    fc.assert(
      fc.property(options, (each) => {
        expectClean(reviewPage(each));
      }),
      { numRuns: 300 },
    );
  });

  test("gives the same bytes for the same input", () => {
    fc.assert(
      fc.property(options, (each) => {
        expect(reviewPage(structuredClone(each)) === reviewPage(each)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("reviewPage", () => {
  test("is clean, has a strict policy, and no script", () => {
    const page = reviewPage(waiting);
    expectClean(page);
    expect(page).toMatch(
      /content="default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]+&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
    );
    expect(page).not.toMatch(/<script|style="|url\(|@import/);
  });

  test("tells who waits for whom, until when, and the exact commands", () => {
    const text = readText(reviewPage(waiting));
    for (const said of [
      "Waits for 1 approval",
      "groundplane approve run-20261121-093015-x1y2z3",
      'groundplane reject run-20261121-093015-x1y2z3 --comment "<why>"',
      "prod: protected, real cloud",
      "2 of ada, grace, linus. The requester's own approval does not count.",
      "linus\nmay approve",
      "21 Nov 2026, 17:30:48 UTC",
      "Confirmed by name. Approving this run deletes the data.",
      waiting.run.digest?.parts.state,
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("Sandbox");
  });

  test("tells what blocks, what mends it, and how to confirm a loss; nobody is asked to approve", () => {
    const text = readText(reviewPage(blocked));
    for (const said of [
      "Blocked by 5 findings",
      "Remedy:\nName the networks that need it in cidrBlocks.",
      "--confirm urn:pulumi:prod::shop::aws:dynamodb/table:Table::carts",
      "Protected: there is no override.",
      "a run that is blocked cannot be approved",
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("groundplane approve");
    expect(text).not.toMatch(/--confirm \S+archive-key/);
  });

  test("says that a domain which is replaced on the same disks restarts", () => {
    const inputs = { disks: [{ volumeId: "/images/athena" }] };
    const domain = change(
      ...(["replace", "libvirt:index/domain:Domain", "athena", [update("memory", 1, 2, true)]] as const),
      { was: { custom: true, inputs } },
    );
    const { planned, ...set } = changeSetOf([domain]);
    const onSameDisks = planned.map((one) => (one.urn === domain.urn ? { ...one, inputs } : one));
    const textOf = (planned: ChangeSet["planned"]) =>
      readText(reviewPage({ ...waiting, changeSet: { ...set, planned } }));
    expect(textOf(onSameDisks)).toContain("the machine restarts; its disks stay");
    expect(textOf([])).not.toContain("its disks stay");
  });

  test("quotes a URN for the shell", () => {
    const hostile = change("delete", "aws:s3/bucket:Bucket", "b", [], { urn: "urn:$(id)'", holdsData: true });
    const text = readText(reviewPage({ ...blocked, changeSet: changeSetOf([hostile]) }));
    expect(text).toContain("--confirm 'urn:$(id)'\\'''");
  });

  test("shows secrets as locks, and what differs in a policy by line", () => {
    const text = readText(reviewPage(blocked));
    expect(text).toContain("The secret changes; its values are never shown.");
    expect(text).toMatch(
      /−\n"Resource": "arn:aws:s3:::shop-assets\/\*"\n\+\n"Resource": "arn:aws:s3:::\*\/\*"/,
    );
    expect(text).not.toContain("$groundplane");
  });

  test("shows what drifted before what changes, and what nobody has to mend", () => {
    const urn = "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::assets";
    const item = { urn, type: "aws:s3/bucket:Bucket", name: "assets", kind: "changed" as const };
    const properties = [{ path: "tags.Team", kind: "update" as const, before: "web", after: "by-hand" }];
    const rule = { resource: "*", reason: "known to the team", who: "ada", until: "2027-01-01" };
    const refreshed = [
      { ...item, properties },
      { ...item, urn: `${urn}-2`, name: "logs", kind: "missing" as const, properties: [], ignoredBy: rule },
    ];
    const text = readText(reviewPage({ ...waiting, changeSet: changeSetOf([], { refreshed, outputs: [] }) }));
    for (const said of [
      "2\nresources drifted",
      "assets\naws:s3/bucket:Bucket\ntags.Team\n",
      "\nby-hand\n",
      "The state has it, and the cloud has not.",
      "not ours to mend until 2027-01-01, says ada: known to the team",
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("Nothing to do");
  });

  test("says when only white space differs", () => {
    const document = JSON.stringify({ text: "x".repeat(80) });
    const changed = change("update", "aws:iam/policy:Policy", "p", [
      update("policy", document, ` ${document}`),
    ]);
    const text = readText(reviewPage({ ...waiting, changeSet: changeSetOf([changed]) }));
    expect(text).toContain("Only white space differs.");
  });

  test("says what a preview rests on that is not there yet", () => {
    const assumes = [{ stack: "base", output: "vpcId", known: false }];
    const page = reviewPage({ ...waiting, changeSet: { ...approvableChangeSet, assumes } });
    expectClean(page);
    expect(readText(page)).toContain("planned outputs of base; not known yet: base.vpcId");
    expect(reviewPage(waiting)).not.toContain("Rests on");
  });

  test("says that a sandbox is one", () => {
    const run = waitingRun({ sandbox: true });
    expect(readText(reviewPage({ ...waiting, run }))).toContain(
      "Sandbox.\nNo real cloud is behind this run.",
    );
  });

  test.each([
    ["Approved, not yet applied", waitingRun({ approvalsMissing: 0 })],
    ["Under review", waitingRun({ state: "READY_FOR_APPLY" })],
    ["Applied", waitingRun({ state: "DONE", outcome: "applied" })],
    ["Ended: rejected", waitingRun({ state: "DONE", outcome: "rejected" })],
    ["Ended: failed", waitingRun({ state: "DONE", outcome: "failed" })],
    ["No changes", waitingRun({ state: "DONE", outcome: "unchanged" })],
    [
      "A preview",
      waitingRun({
        state: "DONE",
        outcome: "cancelled",
        operation: "preview",
        reason: { code: "PREVIEW_ONLY", message: "" },
      }),
    ],
  ])("says %j, and asks for nothing", (verdict, run) => {
    const text = readText(reviewPage({ ...waiting, run }));
    expect(text).toContain(`\n${verdict}\n`);
    expect(text).not.toContain("groundplane approve");
  });

  test("points every link at something of the page, and has each id once", () => {
    const page = reviewPage(blocked);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, address] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(address);
  });

  test("adds less than 60 KB of its own, and takes less than a second for 1,000 changes", () => {
    const changes = Array.from({ length: 1000 }, (_, index) =>
      change(
        index % 3 === 0 ? "update" : "create",
        "aws:ec2/subnet:Subnet",
        `s-${String(index).padStart(4, "0")}`,
        [
          ...Array.from({ length: 10 }, (_, nth) =>
            add(`property${nth}`, { nested: ["a", nth], text: "x".repeat(90) }),
          ),
          update(
            "policy",
            JSON.stringify({ a: "y".repeat(90), n: index }),
            JSON.stringify({ a: "y".repeat(90), n: 1 }),
          ),
        ],
      ),
    );
    // Of the processor, and the best of three: what else the machine does is not the page's.
    const took = Array.from({ length: 3 }, () => {
      const began = process.threadCpuUsage();
      reviewPage({ ...waiting, changeSet: changeSetOf(changes) });
      return process.threadCpuUsage(began).user / 1000;
    });
    expect(Math.min(...took)).toBeLessThan(1000);
    const page = reviewPage({ ...waiting, changeSet: changeSetOf(changes) });
    expect(page).toContain('id="c1000"');
    const empty = reviewPage({
      ...waiting,
      run: waitingRun({ findings: [] }),
      changeSet: changeSetOf([], { outputs: [] }),
    });
    expect(Buffer.byteLength(empty)).toBeLessThan(60_000);
  });
});

describe("reviewPage of a way back", () => {
  const to = "run-20261120-101112-def456";

  test("names the run that it goes back to, and the command that asks again", () => {
    const run = { ...blockedRun(), operation: "rollback" as const, returnTo: to };
    const page = readText(reviewPage({ ...blocked, run }));
    expect(page).toContain(`Roll back ${run.stack} in ${run.environment}`);
    expect(page).toMatch(new RegExp(`Goes back to\\nrun\\n${to}`));
    expect(page).toContain(`groundplane rollback ${run.environment} ${run.stack} --to ${to}`);
  });

  test("says what a failure does, before anyone approves it", () => {
    const pageWith = (onFailure: RunRecord["onFailure"]) =>
      readText(reviewPage({ ...waiting, run: { ...waitingRun(), onFailure } }));
    expect(pageWith({ rule: "roll-back", to })).toMatch(
      new RegExp(`If it fails\\nit goes back to run\\n${to}\\nby itself`),
    );
    expect(pageWith({ rule: "roll-back" })).toContain("there is nothing to go back to yet");
    expect(pageWith({ rule: "stop" })).not.toContain("If it fails");
  });
});
