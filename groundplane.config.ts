import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox, libvirtSandbox } from "@groundplane/sandbox";

const policyPacks = ["@groundplane/policy-baseline", "@groundplane/policy-aws"];
const estate = ["global", "network", "platform", "data", "app", "monitoring"];
const tags = (environment: string) => ({
  Environment: environment,
  Project: "groundplane",
  Owner: "platform",
  ManagedBy: "groundplane",
});

const exemptions = (environment: string) => [
  {
    rule: "iam-no-service-wildcard",
    resource: `urn:pulumi:${environment}::global::*::deployers-boundary`,
    reason: "a boundary names services whole: the actions of 26 services do not fit into one policy",
    who: "platform",
    until: "2027-06-30",
  },
];

/**
 * The reference project: three environments of different shapes in a cloud, and a rack with hypervisors, all on the
 * sandbox. For a real one, say `cloud: "real"` and give it a backend and a key.
 */
export default defineProject({
  name: "groundplane",
  stacks: [
    "stacks/global",
    "stacks/network",
    "stacks/platform",
    "stacks/data",
    "stacks/app",
    "stacks/monitoring",
    "stacks/fleet",
    "stacks/mattermost",
  ],
  environments: [
    defineEnvironment({
      name: "dev",
      cloud: awsSandbox(),
      stacks: estate,
      policyPacks,
      approval: { type: "automatic" },
      exemptions: exemptions("dev"),
      tags: tags("dev"),
    }),
    defineEnvironment({
      name: "staging",
      cloud: awsSandbox(),
      stacks: estate,
      policyPacks,
      approval: { type: "any-person" },
      exemptions: exemptions("staging"),
      tags: tags("staging"),
    }),
    defineEnvironment({
      name: "prod",
      cloud: awsSandbox(),
      stacks: estate,
      policyPacks: [...policyPacks, "@groundplane/policy-strict"],
      approval: { type: "other-person", expiresAfterMinutes: 60 * 8 },
      budget: { monthlyUsd: 3000, liftedBy: ["grace"] },
      exemptions: exemptions("prod"),
      tags: tags("prod"),
      protected: true,
    }),
    defineEnvironment({
      name: "rack",
      cloud: libvirtSandbox(),
      stacks: ["fleet", "mattermost"],
      policyPacks: ["@groundplane/policy-baseline", "@groundplane/policy-libvirt"],
      approval: { type: "any-person" },
      tags: tags("rack"),
    }),
  ],
});
