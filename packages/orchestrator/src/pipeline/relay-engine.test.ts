import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, GroundplaneEvent } from "@groundplane/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import type { EngineMessage, EngineStep } from "../engine/engine-request.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun } from "./journaled-run.ts";
import { engineFindings, engineRelay, errorsOf, mergeFindings } from "./relay-engine.ts";

const URN = "urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main";
const step = (more: Partial<EngineStep> = {}): EngineStep => ({
  operation: "create",
  urn: URN,
  type: "aws:ec2/vpc:Vpc",
  planning: false,
  keys: [],
  ...more,
});
const diagnostic = (
  severity: "info" | "warning" | "error",
  message: string,
  urn?: string,
): EngineMessage => ({
  kind: "diagnostic",
  severity,
  message,
  ...(urn === undefined ? {} : { urn }),
});

const folder = mkdtempSync(join(tmpdir(), "relay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the listeners of a run hear of these messages. */
function heard(...messages: readonly EngineMessage[]): readonly GroundplaneEvent[] {
  const events: GroundplaneEvent[] = [];
  const run = JournaledRun.create("run-20261121-050000-a1b2c3", requestedRun(), {
    journal: new MemoryJournal(),
    runsFolder: folder,
    onEvent: (event) => events.push(event),
    clock: () => new Date(),
  });
  const relay = engineRelay(run);
  for (const message of messages) relay(message);
  return events.slice(1);
}

describe("engineRelay", () => {
  test("tells of a resource's beginning and end, and how long it took", () => {
    const [started, finished] = heard(
      { kind: "step.started", step: step() },
      { kind: "step.finished", step: step() },
    );
    const resource = {
      urn: URN,
      type: "aws:ec2/vpc:Vpc",
      name: "main",
      operation: "create",
      planning: false,
    };
    expect(started).toMatchObject({
      name: "resource.started",
      stack: "net",
      environment: "dev",
      data: resource,
    });
    expect(finished).toMatchObject({ name: "resource.finished", data: resource });
    expect(finished?.name === "resource.finished" && finished.data.durationMs).toBeGreaterThanOrEqual(0);
  });

  test("an end without a beginning took no time", () => {
    const [finished] = heard({ kind: "step.finished", step: step() });
    expect(finished?.name === "resource.finished" && finished.data.durationMs).toBeLessThan(50);
  });

  test("tells of a failure", () => {
    expect(heard({ kind: "step.failed", step: step({ operation: "delete" }) })).toMatchObject([
      { name: "resource.failed", data: { operation: "delete", urn: URN } },
    ]);
  });

  test("passes on what is said, with the resource where there is one", () => {
    expect(
      heard(diagnostic("warning", "slow"), diagnostic("error", "no", URN)).map(({ data }) => data),
    ).toEqual([
      { severity: "warning", message: "slow" },
      { severity: "error", message: "no", urn: URN },
    ]);
  });

  test("has nothing to tell of an operation it does not know, of policies, and of the end", () => {
    expect(
      heard(
        { kind: "step.started", step: step({ operation: "unheard-of" }) },
        { kind: "summary", counts: {}, packs: [] },
        { kind: "exit", code: 0, text: "" },
      ),
    ).toEqual([]);
  });
});

describe("errorsOf", () => {
  test("takes errors once each, and the closing words only when nothing else was said", () => {
    const closing = diagnostic("error", "error: preview failed");
    expect(
      errorsOf([
        diagnostic("error", "error: a"),
        diagnostic("error", "error: a"),
        diagnostic("error", "b"),
        closing,
      ]),
    ).toBe("a\nb");
    expect(errorsOf([closing])).toBe("preview failed");
    expect(errorsOf([diagnostic("warning", "careful")])).toBe("");
  });

  test("names the resource where the message does not", () => {
    expect(
      errorsOf([
        diagnostic("error", "no answer", "urn:pulumi:rack::fleet::libvirt:index/domain:Domain::ares-domain"),
        diagnostic("error", "the machine ares is off", "urn:pulumi:rack::fleet::a:b:C::ares"),
        diagnostic("error", "the program failed", "urn:pulumi:rack::fleet::pulumi:pulumi:Stack::fleet-rack"),
      ]),
    ).toBe("ares-domain: no answer\nthe machine ares is off\nthe program failed");
  });
});

describe("engineFindings", () => {
  const policy = (enforcement: string, message: string, urn?: string): EngineMessage => ({
    kind: "policy",
    pack: "baseline",
    packVersion: "1.0.0",
    policy: "no-public-ingress",
    enforcement,
    message,
    ...(urn === undefined ? {} : { urn }),
  });

  test.each([
    ["mandatory", "mandatory", "high"],
    ["advisory", "advisory", "low"],
    ["remediate", "advisory", "low"],
  ])("%s becomes %s", (engine, enforcement, severity) => {
    expect(engineFindings([policy(engine, "Open port.\nMore words.", URN)])).toMatchObject([
      {
        rule: "no-public-ingress",
        title: "Open port.",
        enforcement,
        severity,
        status: "violation",
        urn: URN,
        foundBy: "engine",
      },
    ]);
  });

  test("a rule that could not be run on an unknown value is mandatory and not evaluated", () => {
    expect(
      engineFindings([
        policy(
          "advisory",
          "can't run policy 'no-public-ingress' during preview: string value at .x can't be known during preview",
        ),
      ]),
    ).toMatchObject([{ enforcement: "mandatory", status: "not-evaluated" }]);
  });

  test("are none without policies", () => {
    expect(engineFindings([diagnostic("error", "no")])).toEqual([]);
  });
});

describe("mergeFindings", () => {
  const finding = (more: Partial<Finding>): Finding => ({
    rule: "r",
    title: "t",
    severity: "high",
    enforcement: "mandatory",
    status: "violation",
    message: "m",
    remedy: "",
    pack: { name: "baseline", version: "1" },
    foundBy: "engine",
    urn: URN,
    ...more,
  });
  const review = finding({ foundBy: "change-set" });

  test("keeps the review's word where both say the same", () => {
    expect(mergeFindings([finding({})], [review])).toEqual([review]);
  });

  test.each<[string, Partial<Finding>]>([
    ["rule", { rule: "other" }],
    ["resource", { urn: "urn:other" }],
    ["status", { status: "not-evaluated" }],
    ["pack", { pack: { name: "other", version: "1" } }],
  ])("keeps both when the %s is another", (_what, more) => {
    expect(mergeFindings([finding(more)], [review])).toEqual([review, finding(more)]);
  });
});
