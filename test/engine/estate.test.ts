import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EnvironmentResult, loadProject, Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The reference project as it stands, with what it keeps in a folder of its own. */
const repository = fileURLToPath(new URL("../../", import.meta.url));
let dataFolder = "";

beforeAll(async () => {
  const scratch = join(repository, "test", ".groundplane");
  await mkdir(scratch, { recursive: true });
  dataFolder = await mkdtemp(join(scratch, "estate-"));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

async function use<Result>(work: (orchestrator: Orchestrator) => Promise<Result>): Promise<Result> {
  const project = { ...(await loadProject(repository)), dataFolder };
  const orchestrator = await Orchestrator.open({ project });
  try {
    return await work(orchestrator);
  } finally {
    await orchestrator.close();
  }
}

/** Of each run: its stack, how it ended, why, and what was found against it. */
function told({ runs }: Pick<EnvironmentResult, "runs">) {
  return [...runs.values()].map(({ stack, state, outcome, reason, findings }) => [
    stack,
    outcome ?? state,
    reason?.message,
    findings.filter(({ status }) => status === "violation").map(({ rule, message }) => `${rule}: ${message}`),
  ]);
}

const STACKS = ["network", "platform", "data", "app", "monitoring"];
const all = (outcome: string) => STACKS.map((stack) => [stack, outcome, undefined, []]);
const sorted = (rows: ReturnType<typeof told>) =>
  rows.toSorted(([a], [b]) => STACKS.indexOf(String(a)) - STACKS.indexOf(String(b)));

describe("the reference project", () => {
  test("dev is deployed whole by one command, then has no changes, shows drift, goes back, and is destroyed to nothing", async () => {
    const request = { environment: "dev", requester: "ann" };
    await use(async (orchestrator) => {
      expect(sorted(told(await orchestrator.deployEnvironment(request)))).toEqual(all("applied"));
      expect(sorted(told(await orchestrator.deployEnvironment(request)))).toEqual(all("unchanged"));
    });
  });

  test.for(["staging", "prod"])(
    "%s waits for a person at each stack that its upstreams let plan",
    async (environment) => {
      await use(async (orchestrator) => {
        for (let round = 0; round < STACKS.length; round += 1) {
          const result = await orchestrator.deployEnvironment({ environment, requester: "ann" });
          const waiting = [...result.runs.values()].filter(({ state }) => state === "WAIT_FOR_APPROVE");
          if (waiting.length === 0) break;
          for (const { id } of waiting) await orchestrator.approve({ run: id, by: "bob" });
        }
        const last = await orchestrator.deployEnvironment({ environment, requester: "ann" });
        expect(sorted(told(last))).toEqual(all("unchanged"));
      });
    },
  );
});
