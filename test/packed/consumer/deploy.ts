// Deploys the project's stacks twice, and prints what came of it as JSON.
import type { RunRecord } from "@groundplane/contracts";
import { loadProject, Orchestrator } from "@groundplane/orchestrator";
import { pack } from "@groundplane/policy-baseline";

const environment = process.argv[2] ?? "";
const names = new Set<string>();
const orchestrator = await Orchestrator.open({
  project: await loadProject(),
  onEvent: (event) => {
    // Narrowing by name gives the data its type.
    if (event.name === "stack.policy.finished") names.add(`${event.name} ${event.data.blocking}`);
  },
});

async function deploy(stack: string): Promise<RunRecord> {
  return orchestrator.deploy({ stack, environment, requester: "ada" });
}

const runs = [await deploy("net"), await deploy("app"), await deploy("net"), await deploy("app")];
const review = pack.review({
  changeSet: orchestrator.changeSet(runs[0]?.id ?? ""),
  exemptions: [],
  today: new Date().toISOString().slice(0, 10),
});
const outputs = ["net", "app"].map((stack) => orchestrator.outputs({ stack, environment })?.values);
console.log(
  JSON.stringify({
    node: process.versions.node,
    runs: runs.map(({ state, outcome, reason }) => [state, outcome, reason?.message]),
    outputs,
    events: [...names],
    violations: (await review).filter(({ status }) => status === "violation").length,
    journal: orchestrator.verifyJournal().entries,
  }),
);
await orchestrator.close();
