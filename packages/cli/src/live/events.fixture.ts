import type { EventData, EventName, GroundplaneEvent } from "@groundplane/contracts";
import { RUN_ID } from "../run.fixture.ts";

/** An event of the run, this many seconds after 05:12:30. */
export function event<Name extends EventName>(
  name: Name,
  second: number,
  data: EventData<Name>,
): GroundplaneEvent<Name>;
export function event(name: EventName, second: number, data: object): object {
  const at = new Date(Date.parse("2026-11-21T05:12:30.000Z") + second * 1000).toISOString();
  return { name, at, run: RUN_ID, stack: "network", environment: "dev", operation: "deploy", data };
}

const vpc = { urn: "urn:1", type: "aws:ec2/vpc:Vpc", name: "main-vpc", operation: "create" } as const;
const subnet = {
  urn: "urn:2",
  type: "aws:ec2/subnet:Subnet",
  name: "main-private-a",
  operation: "create",
} as const;

/** An applied deployment until the engine is at work. */
export const UNTIL_UP: readonly GroundplaneEvent[] = [
  event("run.created", 0, { requester: "ada" }),
  event("engine.resolved", 0, { version: "3.220.0", origin: "path" }),
  event("stack.preview.started", 0, {}),
  event("resource.started", 0.5, { ...vpc, planning: true }),
  event("resource.finished", 0.6, { ...vpc, planning: true, durationMs: 100 }),
  event("stack.preview.finished", 1.2, { counts: { create: 2, same: 1 }, durationMs: 1200 }),
  event("stack.policy.started", 1.2, { packs: ["@groundplane/policy-baseline"] }),
  event("stack.policy.finished", 2, { findings: [], blocking: 0, durationMs: 800 }),
  event("stack.review.ready", 2, { digest: `sha256:${"a".repeat(64)}`, approvalsMissing: 0 }),
  event("run.moved", 2, { from: "READY_FOR_APPLY", to: "WAIT_FOR_APPROVE" }),
  event("run.moved", 2, { from: "WAIT_FOR_APPROVE", to: "APPLYING" }),
  event("stack.up.started", 2, { fence: 1 }),
  event("resource.started", 2, { ...vpc, planning: false }),
  event("resource.finished", 3, { ...vpc, planning: false, durationMs: 1000 }),
  event("resource.started", 3, { ...subnet, planning: false }),
];

/** What follows when all goes well. */
export const UNTIL_DONE: readonly GroundplaneEvent[] = [
  event("resource.finished", 4, { ...subnet, planning: false, durationMs: 1000 }),
  event("stack.up.finished", 4.5, { counts: { create: 2, same: 1 }, durationMs: 2500 }),
  event("stack.verify.started", 4.5, {}),
  event("stack.verify.check", 4.6, { check: "subnets are there", ok: true }),
  event("stack.verify.finished", 6, { ok: true, durationMs: 1500 }),
  event("stack.outputs.exported", 6.1, {
    version: 1,
    changed: true,
    files: ["outputs.json"],
    durationMs: 100,
  }),
  event("run.moved", 6.1, { from: "APPLYING", to: "DONE", outcome: "applied" }),
];
