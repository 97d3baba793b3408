import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { GroundplaneError, type JournalEntry, type JournalFact, type RunId } from "@groundplane/contracts";
import { SqliteJournal } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";
import { ONE_VPC } from "./one-vpc.ts";

const VPC = "aws:ec2/vpc:Vpc";
const REF = { stack: "base", environment: "left" };
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([{ name: "left", more: "policyPacks: []," }]);
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(() => project.remove());

const journalFile = () => join(project.root, ".groundplane/journal.db");
const backend = (path: string) => join(project.root, ".groundplane/state/left/.pulumi", path);
const stateFile = () => backend("stacks/base/left.json");

function vpcs(): readonly { readonly id: string }[] {
  return inCloud(project.root, "left", (store) => store.list({ type: VPC }));
}

/** A journal on a disk that is full from a fact on: what follows is as if the process had been killed there. */
class FullJournal extends SqliteJournal {
  readonly #isLast: (fact: JournalFact) => boolean;
  #full = false;

  constructor(isLast: (fact: JournalFact) => boolean) {
    super(journalFile());
    this.#isLast = isLast;
  }

  override append(run: RunId, fact: JournalFact, expected: number): JournalEntry {
    if (this.#full) throw new GroundplaneError("WRITE_FAILED", "the journal's disk is full.");
    const entry = super.append(run, fact, expected);
    this.#full = this.#isLast(fact);
    return entry;
  }
}

const engineIsThrough = (fact: JournalFact): boolean =>
  fact.type === "artifact.stored" && fact.name === "engine-log";

let owners = 0;

/** Deploys a change whose run nobody could journal to its end, and returns its id. */
async function leftApplying(): Promise<string> {
  owners += 1;
  await project.configure("left", { owner: `owner-${owners}` });
  return project.use(
    async (orchestrator) => {
      await expect(orchestrator.deploy({ ...REF, requester: "ann" })).rejects.toMatchObject({
        code: expect.stringMatching(/WRITE_FAILED|BACKUP_FAILED/),
      });
      const [run] = orchestrator.runs(REF);
      expect(run?.state).toBe("APPLYING");
      return run?.id ?? "";
    },
    { journal: new FullJournal(engineIsThrough) },
  );
}

async function resumedRun(id: string): Promise<string> {
  return project.use(async (orchestrator) => {
    const [ended] = await orchestrator.resume(REF);
    expect(ended?.id).toBe(id);
    expect(await orchestrator.resume(REF)).toEqual([]);
    return story(orchestrator.run(id));
  });
}

async function nextDeploy(): Promise<string> {
  return project.use(async (orchestrator) => story(await orchestrator.deploy({ ...REF, requester: "ann" })));
}

/** Changes the state as a killed engine leaves it. */
function harmState(change: (latest: Record<string, unknown>) => void): void {
  const checkpoint = JSON.parse(readFileSync(stateFile(), "utf8"));
  change(checkpoint.checkpoint.latest);
  writeFileSync(stateFile(), JSON.stringify(checkpoint));
}

describe("a run whose process is gone during up", () => {
  test("is finished when everything is there: verified, kept, exported", async () => {
    const run = await leftApplying();
    expect(await resumedRun(run)).toBe("DONE | applied");
    await project.use(async (orchestrator) => {
      expect(orchestrator.backups(REF)[0]).toMatchObject({ run, moment: "after", intact: true });
      expect(orchestrator.outputs(REF)?.run).toBe(run);
    });
    expect(await nextDeploy()).toBe("DONE | unchanged");
  });

  test("is finished although the dead engine's lock is still there", async () => {
    const run = await leftApplying();
    const lock = {
      pid: 999_999_999,
      username: "ann",
      hostname: hostname(),
      timestamp: "2026-11-21T05:00:00Z",
    };
    const folder = backend("locks/organization/base/left");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "left-by-a-dead-engine.json"), JSON.stringify(lock));
    expect(await resumedRun(run)).toBe("DONE | applied");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("stays as it is while another machine's engine holds the lock", async () => {
    const run = await leftApplying();
    const lock = { pid: 1, username: "eve", hostname: "elsewhere", timestamp: "2026-11-21T05:00:00Z" };
    const file = backend("locks/organization/base/left/elsewhere.json");
    writeFileSync(file, JSON.stringify(lock));
    await project.use(async (orchestrator) => {
      expect(await orchestrator.resume(REF)).toEqual([]);
      expect(orchestrator.run(run).state).toBe("APPLYING");
    });
    rmSync(file);
    expect(await resumedRun(run)).toBe("DONE | applied");
  });

  test("stays as it is while the backend does not answer, and is finished when it does", async () => {
    const run = await leftApplying();
    renameSync(stateFile(), `${stateFile()}.away`);
    mkdirSync(stateFile());
    await project.use(async (orchestrator) => {
      await expect(orchestrator.resume(REF)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
      await expect(orchestrator.deploy({ ...REF, requester: "ann" })).rejects.toMatchObject({
        code: "STATE_UNREADABLE",
      });
      expect(orchestrator.run(run).state).toBe("APPLYING");
    });
    rmSync(stateFile(), { recursive: true });
    renameSync(`${stateFile()}.away`, stateFile());
    expect(await resumedRun(run)).toBe("DONE | applied");
  });

  test("is told as it is when the state is no state any more; restored, the next deploy goes on", async () => {
    const run = await leftApplying();
    writeFileSync(stateFile(), readFileSync(stateFile(), "utf8").slice(0, 200));
    expect(await resumedRun(run)).toMatch(
      /^DONE \| failed \| INTERRUPTED \| .*no state any more: .*groundplane restore left base --list/,
    );
    await project.use(async (orchestrator) => {
      const restored = await orchestrator.restore({ ...REF, requester: "ann" });
      expect(story(restored)).toBe("DONE | applied");
      expect(restored.restoreFrom).toEqual({ run, moment: "before" });
    });
    // The state is that of before the up: what the up changed is changed once more, and nothing is made.
    expect(await nextDeploy()).toBe("DONE | applied");
    expect(vpcs()).toHaveLength(1);
  });

  test("names what nobody knows, when the state says that an operation never ended", async () => {
    const run = await leftApplying();
    const urn = `urn:pulumi:left::base::${VPC}::other`;
    harmState((latest) => {
      latest["pending_operations"] = [
        { type: "creating", resource: { urn, type: VPC, custom: true, inputs: {} } },
      ];
    });
    expect(await resumedRun(run)).toMatch(
      /^DONE \| failed \| INTERRUPTED \| .*creating urn:\S+::other\. "groundplane pending left base"/,
    );
    await project.use(async (orchestrator) => {
      expect(story(await orchestrator.settle({ ...REF, requester: "ann", gone: [urn] }))).toBe(
        "DONE | applied",
      );
    });
    expect(await nextDeploy()).toBe("DONE | unchanged");
  });

  test("tells that an update is read from the cloud, and needs no word", async () => {
    const run = await leftApplying();
    const [vpc] = vpcs();
    const urn = `urn:pulumi:left::base::${VPC}::main`;
    inCloud(project.root, "left", (store) => store.set(vpc?.id ?? "", "tags.Team", "half-way"));
    harmState((latest) => {
      const resources = latest["resources"];
      const main = Array.isArray(resources) ? resources.find((one) => one.urn === urn) : undefined;
      latest["pending_operations"] = [{ type: "updating", resource: main }];
    });
    expect(await resumedRun(run)).toContain(`updating ${urn}`);
    await project.use(async (orchestrator) => {
      const refused = await orchestrator.settle({ ...REF, requester: "ann", gone: [urn] });
      expect(story(refused)).toMatch(/INVALID_ARGUMENT .*read from the cloud/);
      const settled = await orchestrator.settle({ ...REF, requester: "ann" });
      expect(story(settled)).toBe("DONE | applied");
      expect(orchestrator.changeSet(settled.id).changes).toMatchObject([
        {
          urn,
          operation: "update",
          properties: expect.arrayContaining([expect.objectContaining({ path: "tags" })]),
        },
      ]);
      const next = await orchestrator.deploy({ ...REF, requester: "ann" });
      expect([story(next), next.counts]).toMatchObject(["DONE | applied", { update: 1 }]);
    });
    expect(vpcs()).toHaveLength(1);
  });
});

test("a run that had not begun is ended without asking engine or backend", async () => {
  await project.use(
    async (orchestrator) => {
      await expect(orchestrator.deploy({ ...REF, requester: "ann" })).rejects.toMatchObject({
        code: "WRITE_FAILED",
      });
    },
    { journal: new FullJournal((fact) => fact.type === "run.moved" && fact.to === "VALIDATING") },
  );
  const file = readFileSync(stateFile(), "utf8");
  rmSync(stateFile());
  mkdirSync(stateFile());
  await project.use(async (orchestrator) => {
    const [ended] = await orchestrator.resume(REF);
    expect(ended).toMatchObject({ state: "DONE", outcome: "cancelled", reason: { code: "INTERRUPTED" } });
  });
  rmSync(stateFile(), { recursive: true });
  writeFileSync(stateFile(), file);
});

test("a restore whose process is gone is told by what stands: written, or not", async () => {
  const restore = { ...REF, requester: "ann" };
  const before = (fact: JournalFact) => fact.type === "run.moved" && fact.to === "APPLYING";
  const older = await project.use(async (orchestrator) => orchestrator.backups(REF).at(-1));
  const from = { run: older?.run ?? "", moment: "before" as const };
  await project.use(
    async (orchestrator) => {
      // The engine has written it; what was kept of it could not be journaled.
      await expect(orchestrator.restore({ ...restore, from })).rejects.toMatchObject({
        code: "BACKUP_FAILED",
      });
    },
    { journal: new FullJournal(before) },
  );
  await project.use(async (orchestrator) => {
    const [ended] = await orchestrator.resume(REF);
    expect(ended).toMatchObject({ operation: "restore", state: "DONE", outcome: "applied" });
    expect(orchestrator.backups(REF)[0]).toMatchObject({ run: ended?.id, moment: "after", resources: 0 });
    // Back to what stood before.
    const back = await orchestrator.restore({ ...restore, from: { run: ended?.id ?? "", moment: "before" } });
    expect(story(back)).toBe("DONE | applied");
  });
  expect(await nextDeploy()).toBe("DONE | unchanged");
  expect(vpcs()).toHaveLength(1);
});
