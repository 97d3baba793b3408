import { invalidArgument } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";

/** An alarm, by its ARN. A `MetricAlarm` of a component's `nodes.alarms`, a `CompositeAlarm` and a literal satisfy it. */
export interface AlarmRef {
  readonly arn: pulumi.Input<string>;
}

/** When a composite alarm rings. An alarm by itself means that it rings. */
export type AlarmCondition =
  | AlarmRef
  | { readonly any: readonly AlarmCondition[] }
  | { readonly all: readonly AlarmCondition[] }
  | { readonly not: AlarmCondition };

/** CloudWatch API reference, PutCompositeAlarm: alarms in a rule. */
const MAX_ALARMS = 100;

/**
 * Checks a condition, before the first child is made.
 *
 * @throws {INVALID_ARGUMENT} a list is empty, or there are more than 100 alarms.
 */
export function checkCondition(condition: AlarmCondition): void {
  const alarms = countAlarms(condition);
  if (alarms > MAX_ALARMS)
    throw invalidArgument(
      `when names ${alarms} alarms, at most ${MAX_ALARMS}: put some into an alarm of their own`,
      {
        alarms,
      },
    );
}

function countAlarms(condition: AlarmCondition): number {
  if ("arn" in condition) return 1;
  if ("not" in condition) return countAlarms(condition.not);
  const parts = "any" in condition ? condition.any : condition.all;
  if (parts.length === 0)
    throw invalidArgument("when holds an empty list; name at least one alarm in each any and all");
  return parts.reduce((sum, part) => sum + countAlarms(part), 0);
}

/** The rule as CloudWatch writes it: `ALARM("…") OR (ALARM("…") AND NOT ALARM("…"))`. */
export function alarmRule(condition: AlarmCondition): pulumi.Output<string> {
  if ("arn" in condition) return pulumi.interpolate`ALARM("${condition.arn}")`;
  if ("not" in condition) return pulumi.interpolate`NOT ${grouped(condition.not)}`;
  const [parts, operator] = "any" in condition ? [condition.any, " OR "] : [condition.all, " AND "];
  return pulumi.all(parts.map(grouped)).apply((texts) => texts.join(operator));
}

/** Parentheses around what is joined, since NOT and AND bind closer than OR. */
function grouped(condition: AlarmCondition): pulumi.Output<string> {
  const rule = alarmRule(condition);
  return "arn" in condition || "not" in condition ? rule : pulumi.interpolate`(${rule})`;
}
