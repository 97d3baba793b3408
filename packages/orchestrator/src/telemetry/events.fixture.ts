import type { EventData, EventName, GroundplaneEvent } from "@groundplane/contracts";

export const RUN = "run-20261121-050000-a1b2c3";
export const START = Date.parse("2026-11-21T05:00:00.000Z");

/** An event of the run, this many seconds after 05:00:00. */
export function event<Name extends EventName>(
  name: Name,
  second: number,
  data: EventData<Name>,
  more?: { readonly run?: string; readonly operation?: GroundplaneEvent["operation"] },
): GroundplaneEvent<Name>;
export function event(name: EventName, second: number, data: object, more: object = {}): object {
  const at = new Date(START + second * 1000).toISOString();
  return { name, at, run: RUN, stack: "network", environment: "dev", operation: "deploy", data, ...more };
}

const vpc = { urn: "urn:vpc", type: "aws:ec2/vpc:Vpc", name: "main", operation: "create" } as const;
const same = {
  urn: "urn:logs",
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "l",
  operation: "same",
} as const;

export const UNTIL_POLICY: readonly GroundplaneEvent[] = [
  event("run.created", 0, { requester: "ada" }),
  event("engine.resolved", 0, { version: "3.220.0", origin: "path" }),
  event("run.moved", 0, { from: "PENDING", to: "IN_PROGRESS" }),
  event("stack.preview.started", 1, {}),
  event("resource.started", 1.5, { ...vpc, planning: true }),
  event("resource.finished", 1.6, { ...vpc, planning: true, durationMs: 100 }),
  event("stack.preview.finished", 3, { counts: { create: 1, same: 1 }, durationMs: 2000 }),
  event("run.moved", 3, { from: "IN_PROGRESS", to: "VALIDATING" }),
  event("stack.policy.started", 3, { packs: ["baseline@1.0.0"] }),
];

export const UNTIL_APPROVAL: readonly GroundplaneEvent[] = [
  ...UNTIL_POLICY,
  event("stack.policy.finished", 4, { findings: [], blocking: 0, durationMs: 1000 }),
  event("run.moved", 4, { from: "VALIDATING", to: "READY_FOR_APPLY" }),
  event("run.moved", 4, { from: "READY_FOR_APPLY", to: "WAIT_FOR_APPROVE" }),
];

export const UNTIL_UP: readonly GroundplaneEvent[] = [
  event("run.moved", 10, { from: "WAIT_FOR_APPROVE", to: "APPLYING" }),
  event("stack.up.started", 10, { fence: 1 }),
  event("resource.started", 11, { ...vpc, planning: false }),
  event("resource.started", 11, { ...same, planning: false }),
];

export const UNTIL_DONE: readonly GroundplaneEvent[] = [
  event("resource.finished", 11.1, { ...same, planning: false, durationMs: 100 }),
  event("resource.finished", 14, { ...vpc, planning: false, durationMs: 3000 }),
  event("stack.up.finished", 15, { counts: { create: 1, same: 1 }, durationMs: 5000 }),
  event("stack.verify.started", 15, {}),
  event("stack.verify.check", 15.5, { check: "is there", ok: true }),
  event("stack.verify.finished", 17, { ok: true, durationMs: 2000 }),
  event("stack.outputs.exported", 17.2, { version: 1, changed: true, files: ["o.json"], durationMs: 200 }),
  event("run.moved", 17.2, { from: "APPLYING", to: "DONE", outcome: "applied" }),
];

const ready = (approvalsMissing: number) =>
  event("stack.review.ready", 4, { digest: `sha256:${"a".repeat(64)}`, approvalsMissing });

/** A deployment that nobody is asked for. */
export const AUTOMATIC: readonly GroundplaneEvent[] = [
  ...UNTIL_APPROVAL,
  ready(0),
  ...UNTIL_UP,
  ...UNTIL_DONE,
];
/** The first half of one that someone must approve. */
export const REVIEWED: readonly GroundplaneEvent[] = [...UNTIL_APPROVAL, ready(1)];
