import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RunRecord } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { ONE_VPC } from "./one-vpc.ts";

const COMMAND = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
const VPC = "aws:ec2/vpc:Vpc";
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create(["one", "unit"].map((name) => ({ name, more: "policyPacks: []," })));
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(() => project.remove());

/** Every process that works for the project: the command, engine children, engines and providers. */
function processesOfTheProject(command: ChildProcess): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const ours = pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(
        `PULUMI_BACKEND_URL=file://${project.root}`,
      );
    } catch {
      return false;
    }
  });
  return [...(command.pid === undefined ? [] : [command.pid]), ...ours.map(Number)];
}

/** Deploys by the command, and ends it as soon as the VPC is being created. */
async function terminated(environment: string, end: (command: ChildProcess) => void) {
  inCloud(project.root, environment, (store) =>
    store.addFault({ type: VPC, operation: "create", delayMs: 3000, times: 1 }),
  );
  const command = spawn(
    process.execPath,
    [
      COMMAND,
      "deploy",
      environment,
      "base",
      "--as",
      "ann",
      "--json",
      "--log-format",
      "json",
      "--project",
      project.root,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [out, told] = ["", ""];
  let ended = false;
  command.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
  });
  command.stderr.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
    const begun = told
      .split("\n")
      .some(
        (line) =>
          line.includes('"resource.started"') && line.includes(VPC) && line.includes('"planning":false'),
      );
    if (!begun || ended) return;
    ended = true;
    end(command);
  });
  const code = await new Promise<number | null>((resolve) => command.on("close", resolve));
  const run: RunRecord = JSON.parse(out);
  return { code, run, told };
}

const onLinux = describe.skipIf(process.platform !== "linux");

onLinux("SIGTERM during up lets what is under way end, and the next deploy goes on", () => {
  test.each([
    ["to the command alone", "one", (command: ChildProcess) => void command.kill("SIGTERM")],
    [
      "to every process of the unit, as a service manager sends it",
      "unit",
      (command: ChildProcess) => {
        for (const pid of processesOfTheProject(command)) {
          // A provider ends at once when it gets one, and is no part of the question.
          const name = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
          if (name[0]?.endsWith("/pulumi") || name.some((word) => /\/(bin|child)\.js$/.test(word)))
            process.kill(pid, "SIGTERM");
        }
      },
    ],
  ])("%s", async (_to, environment, end) => {
    const { code, run, told } = await terminated(environment, end);
    expect([run.state, run.outcome, code]).toEqual(["DONE", "cancelled", 5]);
    expect(told).not.toContain("terminating");
    // The provider was told to cancel; whichever way it went, the state knows.
    await project.use(async (orchestrator) => {
      const ref = { stack: "base", environment };
      expect((await orchestrator.pending(ref)).operations).toEqual([]);
      expect((await orchestrator.deploy({ ...ref, requester: "ann" })).outcome).toBe("applied");
    });
    expect(inCloud(project.root, environment, (store) => store.list({ type: VPC }))).toHaveLength(1);
  });
});
