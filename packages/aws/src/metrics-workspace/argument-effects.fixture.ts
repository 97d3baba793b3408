import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { MetricsWorkspace } from "./metrics-workspace.ts";
import type { MetricsWorkspaceArgs } from "./metrics-workspace-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const grafana = { authentication: "saml" } as const;
const parts = ["grafana", "grafana-policy", "grafana-role"];

/** The table of docs/metrics-workspace.md. */
export const argumentEffects: ArgumentEffects<MetricsWorkspaceArgs> = {
  base: { preset: "dev", tags },
  create: (args, options) => new MetricsWorkspace("unit", args, options),
  full: { grafana, tags },
  untaggable: ["aws:iam/rolePolicy:RolePolicy"],
  changes: {
    preset: { to: "prod", effect: {} },
    kmsKeyArn: { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: { replaces: ["workspace"] } },
    logGroup: {
      to: { logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:metrics" },
      effect: { updates: ["workspace"] },
    },
    grafana: [
      { to: grafana, effect: { creates: parts } },
      { from: grafana, to: { authentication: "identity-center" }, effect: { updates: ["grafana"] } },
      { from: grafana, to: undefined, effect: { deletes: parts } },
    ],
    protect: { to: true, effect: {} },
    adopt: [
      { to: { workspaceId: "ws-c6dcb907-f2d7-4d96-957b-66691f865d8b" }, effect: {} },
      { to: { workspaceId: "shop" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["workspace"] } },
  },
};
