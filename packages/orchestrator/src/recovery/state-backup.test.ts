import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runIdSchema } from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import { parseState } from "../engine/stack-state.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun } from "../pipeline/journaled-run.ts";
import { backupsOf, keepState, readBackup } from "./state-backup.ts";

const VPC = "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main";
const TEXT = JSON.stringify({
  version: 3,
  deployment: {
    manifest: {},
    resources: [
      { urn: "urn:pulumi:dev::base::pulumi:pulumi:Stack::base-dev", type: "pulumi:pulumi:Stack" },
      { urn: VPC, type: "aws:ec2/vpc:Vpc", custom: true, id: "vpc-1" },
    ],
    pending_operations: [{ type: "creating", resource: { urn: `${VPC}2`, type: "aws:ec2/vpc:Vpc" } }],
  },
});
const state = parseState({ project: "base", stack: "dev" }, TEXT);

let folder: string;
let run: JournaledRun;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "backup-"));
  const clock = () => new Date("2026-11-21T05:12:29.000Z");
  run = JournaledRun.create(
    runIdSchema.parse("run-20261121-051229-abc123"),
    requestedRun({ stack: "base", requester: "ann" }),
    { journal: new MemoryJournal(clock), runsFolder: folder, onEvent: () => undefined, clock },
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => join(run.folder, name);

describe("a kept state", () => {
  test("is listed with what is in it, the newer first, and reads back as it was", () => {
    expect(backupsOf(run)).toEqual([]);
    keepState(run, "before", state);
    keepState(run, "after", state);
    expect(backupsOf(run)).toMatchObject([
      { moment: "after", intact: true, resources: 1, pending: 1, keptAt: "2026-11-21T05:12:29.000Z" },
      { moment: "before", run: run.id, stack: "base", environment: "dev", intact: true },
    ]);
    expect(readBackup(run, "before")).toEqual(state);
  });

  test.each([
    ["changed", (name: string) => writeFileSync(file(name), TEXT.replace("vpc-1", "vpc-2"))],
    ["cut short", (name: string) => writeFileSync(file(name), TEXT.slice(0, 100))],
    ["gone", (name: string) => rmSync(file(name))],
  ])("that is %s is listed as not intact, and never read", (_what, harm) => {
    keepState(run, "before", state);
    harm("state-before.json");
    const [backup] = backupsOf(run);
    expect(backup).toMatchObject({ intact: false, problem: expect.stringContaining("changed") });
    expect(backup).not.toHaveProperty("resources");
    expect(() => readBackup(run, "before")).toThrow(expect.objectContaining({ code: "APPROVAL_VOID" }));
  });

  test("fails when the disk does not take it, and says that nothing was changed", () => {
    mkdirSync(file("state-before.json"), { recursive: true });
    expect(() => keepState(run, "before", state)).toThrow(
      expect.objectContaining({
        code: "BACKUP_FAILED",
        message: expect.stringContaining("Nothing was changed"),
      }),
    );
    expect(run.record.artifacts).toEqual({});
  });

  test("fails when what is to be kept is no state", () => {
    expect(() => keepState(run, "before", { ...state, text: TEXT.slice(0, -5) })).toThrow(
      expect.objectContaining({ code: "BACKUP_FAILED" }),
    );
  });
});
