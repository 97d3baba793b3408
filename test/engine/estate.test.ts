import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import type { EnvironmentResult, Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { destroyConfirmed } from "../destroy-confirmed.ts";
import { inCloud } from "../in-cloud.ts";
import { copyReferenceProject } from "../reference-project.ts";
import { withOrchestrator } from "../with-orchestrator.ts";

const STACKS = ["global", "network", "platform", "data", "app", "monitoring"];
let root = "";

beforeAll(async () => {
  root = await copyReferenceProject("estate");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const use = <Result>(work: (orchestrator: Orchestrator) => Promise<Result>) => withOrchestrator(root, work);

/** What holds a run back. */
function against({ findings }: RunRecord): readonly string[] {
  return findings
    .filter(({ status, enforcement }) => status === "violation" && enforcement === "mandatory")
    .map(({ rule, message, urn }) => `${rule}: ${message} ${urn ?? ""}`);
}

const all = (outcome: string) => STACKS.map((stack) => [stack, outcome, undefined, []]);

/** Of each run: its stack, how it ended, why, and what was found against it. */
function told({ runs }: Pick<EnvironmentResult, "runs">) {
  return [...runs.values()]
    .toSorted((a, b) => STACKS.indexOf(a.stack) - STACKS.indexOf(b.stack))
    .map((run) => [run.stack, run.outcome ?? run.state, run.reason?.message, against(run)]);
}

describe("dev of the reference project", () => {
  const request = { environment: "dev", requester: "ann" };

  test("is deployed whole by one command, with its cost, and has nothing to change then", async () => {
    await use(async (orchestrator) => {
      const first = await orchestrator.deployEnvironment(request);
      expect(told(first)).toEqual(all("applied"));
      for (const { stack, cost } of first.runs.values())
        expect([stack, cost?.estimate?.change.expected]).toEqual([stack, expect.any(Number)]);
      expect(told(await orchestrator.deployEnvironment(request))).toEqual(all("unchanged"));
    });
  });

  test("shows drift where it is, and brings it back", async () => {
    inCloud(root, "dev", (store) => {
      const [vpc] = store.list({ type: "aws:ec2/vpc:Vpc" });
      if (vpc === undefined) throw new TypeError("there is no VPC");
      store.set(vpc.id, "tags.Owner", "nobody");
    });
    await use(async (orchestrator) => {
      const { stacks } = await orchestrator.driftEnvironment({ environment: "dev" });
      const drifted = stacks.map((one) => [
        one.stack,
        "report" in one ? one.report.items.length > 0 : String(one.error),
      ]);
      expect(drifted).toEqual(STACKS.map((stack) => [stack, stack === "network"]));
      const back = await orchestrator.deploy({ ...request, stack: "network", refresh: true });
      expect(back.outcome).toBe("applied");
    });
  });

  test("goes back to what stood before a change", async () => {
    const file = join(root, "stacks/app/Pulumi.dev.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace("1.4.2", "1.5.0"));
    await use(async (orchestrator) => {
      expect(await orchestrator.deploy({ ...request, stack: "app" })).toMatchObject({ outcome: "applied" });
      expect(await orchestrator.rollback({ ...request, stack: "app" })).toMatchObject({
        outcome: "rolled-back",
      });
      await writeFile(file, before);
      expect(await orchestrator.deploy({ ...request, stack: "app" })).toMatchObject({ outcome: "unchanged" });
    });
  });

  test("is destroyed to nothing, once protection was taken off and each loss of data confirmed by name", async () => {
    await use(async (orchestrator) => {
      const rounds = await destroyConfirmed(orchestrator, request);
      const failed = rounds.flat().filter(({ outcome }) => outcome === "failed");
      expect(failed.map(({ stack, reason }) => [stack, reason?.message])).toEqual([]);
      // The state goes last, and is protected: every other stack is gone by then.
      const [last = []] = rounds.slice(-1);
      const isProtected = (run: RunRecord) =>
        run.findings
          .filter(({ rule }) => rule === "protected-resource")
          .map(({ urn = "" }) => urn.split("::").at(-1));
      expect(last.map((run) => [run.stack, run.outcome ?? run.state]).sort()).toEqual(
        STACKS.map((stack) => [
          stack,
          stack === "global" ? "BLOCKED" : expect.stringMatching(/^(applied|unchanged)$/),
        ]).sort(),
      );
      expect(last.flatMap(isProtected).sort()).toEqual(["state-bucket", "state-key"]);

      const file = join(root, "stacks/global/Pulumi.dev.yaml");
      await writeFile(file, `${await readFile(file, "utf8")}  global:protect: false\n`);
      const opened = await orchestrator.deploy({ ...request, stack: "global" });
      expect([opened.outcome, opened.counts.update]).toEqual(["applied", 2]);
      const [end = []] = (await destroyConfirmed(orchestrator, { ...request, stacks: ["global"] })).slice(-1);
      expect(end.map((run) => [run.stack, against(run)])).toEqual(end.map(({ stack }) => [stack, []]));
      expect(inCloud(root, "dev", (store) => store.list().map(({ urn }) => urn))).toEqual([]);
    });
  });
});

test.for([
  { environment: "staging", by: "ann" },
  { environment: "prod", by: "bob" },
])(
  "$environment is deployed whole, each stack with its approval, and has nothing to change then",
  async ({ environment, by }) => {
    await use(async (orchestrator) => {
      for (const stack of STACKS) {
        const run = await orchestrator.deploy({ stack, environment, requester: "ann" });
        expect([stack, run.state, run.reason?.message, against(run)]).toEqual([
          stack,
          "WAIT_FOR_APPROVE",
          undefined,
          [],
        ]);
        const approved = await orchestrator.approve({ run: run.id, by });
        // What has no price in the table is held in a strict environment, until someone says that it is meant.
        const applied =
          approved.state === "WAIT_FOR_APPROVE"
            ? await orchestrator.liftBudget({
                run: run.id,
                by: "grace",
                reason: "prices of databases are not in the table",
              })
            : approved;
        expect([stack, applied.outcome, applied.reason?.message]).toEqual([stack, "applied", undefined]);
      }
      const again = await orchestrator.previewEnvironment({ environment, requester: "ann" });
      expect(told(again)).toEqual(all("unchanged"));
    });
  },
);
