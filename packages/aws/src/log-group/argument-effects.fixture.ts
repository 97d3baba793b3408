import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { LogGroup } from "./log-group.ts";
import type { LogGroupArgs } from "./log-group-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

/** The table of docs/log-group.md. */
export const argumentEffects: ArgumentEffects<LogGroupArgs> = {
  base: { preset: "dev", errorPattern: "ERROR", tags },
  create: (args, options) => new LogGroup("unit", args, options),
  untaggable: ["aws:cloudwatch/logMetricFilter:LogMetricFilter"],
  changes: {
    preset: { to: "staging", effect: { updates: ["group"] } },
    logGroupName: { to: "/shop/orders", effect: { replaces: ["errors-filter", "group"] } },
    retentionDays: [
      { to: 7, effect: { updates: ["group"] } },
      { from: 7, to: undefined, effect: { updates: ["group"] } },
    ],
    kmsKeyArn: { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: { updates: ["group"] } },
    errorPattern: [
      { to: "FATAL", effect: { updates: ["errors-alarm", "errors-filter"] } },
      { to: undefined, effect: { deletes: ["errors-alarm", "errors-filter"] } },
      { to: "x".repeat(1025), effect: { refused: "INVALID_ARGUMENT" } },
    ],
    alarms: [
      { to: { thresholds: { errors: 9 } }, effect: { updates: ["errors-alarm"] } },
      { to: { off: { errors: { reason: "tried elsewhere" } } }, effect: { deletes: ["errors-alarm"] } },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["errors-alarm", "group"] },
    },
  },
};
