import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox } from "@groundplane/sandbox";

const policyPacks = ["@groundplane/policy-baseline", "@groundplane/policy-aws"];
const tags = (environment: string) => ({
  Environment: environment,
  Project: "groundplane",
  Owner: "platform",
  ManagedBy: "groundplane",
});

/**
 * The reference project: three environments of different shapes, all on the sandbox. For a real one, say
 * `cloud: "real"` and give it a backend and a key.
 */
export default defineProject({
  name: "groundplane",
  stacks: ["stacks/network", "stacks/platform", "stacks/data", "stacks/app", "stacks/monitoring"],
  environments: [
    defineEnvironment({
      name: "dev",
      cloud: awsSandbox(),
      policyPacks,
      approval: { type: "automatic" },
      tags: tags("dev"),
    }),
    defineEnvironment({
      name: "staging",
      cloud: awsSandbox(),
      policyPacks,
      approval: { type: "any-person" },
      tags: tags("staging"),
    }),
    defineEnvironment({
      name: "prod",
      cloud: awsSandbox(),
      policyPacks: [...policyPacks, "@groundplane/policy-strict"],
      approval: { type: "other-person", expiresAfterMinutes: 60 * 8 },
      budget: { monthlyUsd: 3000, liftedBy: ["grace"] },
      tags: tags("prod"),
      protected: true,
    }),
  ],
});
