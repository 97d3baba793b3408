import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox } from "@groundplane/sandbox";

export default defineProject({
  name: "consumer",
  stacks: ["stacks/net", "stacks/app"],
  // One for each Node that the test runs it with.
  environments: ["node-22", "node-24"].map((name) =>
    defineEnvironment({
      name,
      cloud: awsSandbox(),
      policyPacks: ["@groundplane/policy-baseline"],
      approval: { type: "automatic" },
      tags: { Environment: name, Project: "consumer", Owner: "team", ManagedBy: "groundplane" },
    }),
  ),
});
