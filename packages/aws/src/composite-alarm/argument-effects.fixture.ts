import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { CompositeAlarm } from "./composite-alarm.ts";
import type { CompositeAlarmArgs } from "./composite-alarm-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const [slow, failing] = [{ arn: "arn:slow" }, { arn: "arn:failing" }];
const updates = { updates: ["alarm"] };

/** The table of docs/composite-alarm.md. */
export const argumentEffects: ArgumentEffects<CompositeAlarmArgs> = {
  base: { when: slow, description: "It is slow.", tags },
  create: (args, options) => new CompositeAlarm("unit", args, options),
  changes: {
    when: [
      { to: { any: [slow, failing] }, effect: updates },
      { to: { any: [] }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    description: { to: "It is very slow.", effect: updates },
    topic: { to: { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" }, effect: updates },
    quietWhile: { to: { alarm: failing }, effect: updates },
    alarmName: { to: "shop-slow", effect: { replaces: ["alarm"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: updates },
  },
};
