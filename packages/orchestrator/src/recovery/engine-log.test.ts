import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GroundplaneEvent, type RunId, runIdSchema } from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import type { EngineMessage, EngineStep } from "../engine/engine-request.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun } from "../pipeline/journaled-run.ts";
import { openEngineLog, readEngineLog } from "./engine-log.ts";
import { pendingReport } from "./pending-report.ts";

const VPC = "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main";
const clock = () => new Date("2026-11-21T05:12:29.000Z");
const ids = ["run-20261121-051229-aaaaaa", "run-20261121-061229-bbbbbb"].map((id) => runIdSchema.parse(id));

function step(operation: string, id = ""): EngineStep {
  const state = {
    ...{ type: "aws:ec2/vpc:Vpc", urn: VPC, id, custom: true, parent: "", provider: "", protect: false },
    ...{ inputs: { password: "hunter22" }, outputs: {} },
  };
  return { operation, urn: VPC, type: "aws:ec2/vpc:Vpc", planning: false, keys: [], new: state };
}

const started: EngineMessage = { kind: "step.started", step: step("create") };
const finished: EngineMessage = { kind: "step.finished", step: step("create", "vpc-1") };
const failed: EngineMessage = { kind: "step.failed", step: step("create") };
const refused: EngineMessage = { kind: "diagnostic", severity: "error", message: "AccessDenied", urn: VPC };

let folder: string;
let journal: MemoryJournal;
let events: GroundplaneEvent[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-log-"));
  journal = new MemoryJournal(clock);
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function newRun(id: RunId): JournaledRun {
  return JournaledRun.create(id, requestedRun({ stack: "base", requester: "ann" }), {
    journal,
    runsFolder: folder,
    onEvent: (event) => void events.push(event),
    clock,
  });
}

function runWith(id: RunId | undefined, messages: readonly EngineMessage[]): JournaledRun {
  const run = newRun(id ?? runIdSchema.parse("run-20261121-051229-cccccc"));
  const log = openEngineLog(run, clock);
  for (const message of messages) log.write(message);
  return run;
}

describe("the engine's log", () => {
  test("is there line by line while the engine works, and journaled when it is through", () => {
    const run = runWith(ids[0], [started]);
    expect(readEngineLog(run)).toEqual([
      { at: "2026-11-21T05:12:29.000Z", kind: "started", operation: "create", urn: VPC },
    ]);
    const log = openEngineLog(run, clock);
    log.write(finished);
    log.close();
    expect(readEngineLog(run)).toMatchObject([{ kind: "started" }, { kind: "finished", id: "vpc-1" }]);
    expect(run.readArtifact("engine-log")).not.toContain("hunter22");
  });

  test("is read up to a line that a kill tore", () => {
    const run = runWith(ids[0], [started]);
    appendFileSync(join(run.folder, "engine-log.jsonl"), '{"at":"2026-11-21T05');
    expect(readEngineLog(run)).toHaveLength(1);
  });

  test("does not stop the engine when the disk takes no more, and says so once", () => {
    const run = newRun(runIdSchema.parse("run-20261121-051229-dddddd"));
    mkdirSync(join(run.folder, "engine-log.jsonl"), { recursive: true });
    const log = openEngineLog(run, clock);
    log.write(started);
    log.write(finished);
    log.close();
    expect(events.filter(({ name }) => name === "engine.message")).toHaveLength(1);
    expect(readEngineLog(run)).toEqual([]);
  });

  test("of a run in which nothing was told is not kept", () => {
    const run = newRun(runIdSchema.parse("run-20261121-051229-eeeeee"));
    openEngineLog(run, clock).close();
    expect(run.record.artifacts).toEqual({});
    expect(() => readFileSync(join(run.folder, "engine-log.jsonl"))).toThrow("ENOENT");
  });
});

describe("what is told of a pending operation", () => {
  const mark = {
    type: "creating",
    urn: VPC,
    resource: {
      ...{ urn: VPC, type: "aws:ec2/vpc:Vpc", custom: true },
      inputs: {
        cidrBlock: "10.0.0.0/16",
        token: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" },
      },
    },
  };

  test.each([
    ["began", [started], []],
    ["ended", [started, finished], []],
    ["failed", [started, refused, failed], ["AccessDenied"]],
    ["began", [started, failed, started], []],
    ["nothing", [], []],
  ] as const)("is that it %s", (told, messages, errors) => {
    const run = runWith(ids[0], messages);
    const [report] = pendingReport([mark], () => [run]);
    expect(report).toMatchObject({ operation: "creating", name: "main", told, errors });
    expect(report?.id).toBe(told === "ended" ? "vpc-1" : undefined);
    expect(report?.run).toBe(told === "nothing" ? undefined : run.id);
  });

  test("is of the newest run that tells of it, and its secrets are marked", () => {
    const older = runWith(ids[0], [started]);
    const newer = runWith(ids[1], [started, finished]);
    const other = runWith(undefined, []);
    const [report] = pendingReport([mark], () => [other, newer, older]);
    expect(report).toMatchObject({ run: newer.id, told: "ended" });
    expect(JSON.stringify(report)).not.toContain("v1:x");
  });
});
