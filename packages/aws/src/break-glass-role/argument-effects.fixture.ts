import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { BreakGlassRole } from "./break-glass-role.ts";
import type { BreakGlassRoleArgs } from "./break-glass-role-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const ann = "arn:aws:iam::123456789012:user/ann";
const updates = { updates: ["role"] };
const refused = { refused: "INVALID_ARGUMENT" };

/** The table of docs/break-glass-role.md. */
export const argumentEffects: ArgumentEffects<BreakGlassRoleArgs> = {
  base: {
    principalArns: [ann],
    topic: { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" },
    auditLogs: {
      logGroupName: "audit",
      logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:audit",
    },
    tags,
  },
  create: (args, options) => new BreakGlassRole("unit", args, options),
  compute: ({ type, name }) => (type.endsWith(":MetricAlarm") ? {} : { arn: `arn:of:${name}`, name }),
  untaggable: [
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  ],
  changes: {
    principalArns: [
      { to: [ann, "arn:aws:iam::123456789012:user/bob"], effect: updates },
      { to: ["arn:aws:iam::123456789012:root"], effect: refused },
    ],
    topic: {
      to: { topicArn: "arn:aws:sns:eu-central-1:123456789012:security" },
      effect: { updates: ["use-alarm", "use-target"] },
    },
    auditLogs: { to: undefined, effect: { deletes: ["use-alarm", "use-filter"] } },
    sessionMinutes: [
      { to: 120, effect: updates },
      { to: 720, effect: refused },
    ],
    mfaMinutes: { to: 15, effect: updates },
    managedPolicies: {
      to: { "power-user": "arn:aws:iam::aws:policy/PowerUserAccess" },
      effect: { creates: ["power-user-attachment"], deletes: ["administrator-attachment"] },
    },
    alarms: [
      { to: { thresholds: { use: 3 } }, effect: { updates: ["use-alarm"] } },
      {
        to: { off: { use: { reason: "told elsewhere" } } },
        effect: { deletes: ["use-alarm", "use-filter"] },
      },
    ],
    tags: {
      to: { ...tags, Owner: "security" },
      effect: { updates: ["role", "use-alarm", "use-rule"] },
    },
  },
};
