import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { type AlarmSpec, type AlarmsArgs, createAlarms } from "../monitoring/alarms.ts";
import { AUDIT_EVENTS, type AuditEvent } from "./audit-events.ts";

export interface AuditAlarms {
  /** Both by the event's name. */
  readonly filters: ReadonlyMap<AuditEvent, aws.cloudwatch.LogMetricFilter>;
  readonly alarms: ReadonlyMap<AuditEvent, aws.cloudwatch.MetricAlarm>;
}

/** A metric filter and an alarm for each event that is not switched off. */
export function watchAuditEvents(
  context: ComponentContext,
  logGroup: aws.cloudwatch.LogGroup,
  args: AlarmsArgs<AuditEvent> = {},
): AuditAlarms {
  const watched = AUDIT_EVENTS.filter(({ id }) => args.off?.[id] === undefined);
  const namespace = "Groundplane/Audit";
  const filters = watched.map(({ id, pattern }) => {
    const filter = new aws.cloudwatch.LogMetricFilter(
      context.child(`${id}-filter`),
      {
        logGroupName: logGroup.name,
        pattern,
        metricTransformation: { namespace, name: context.child(id), value: "1", defaultValue: "0" },
      },
      context.options(),
    );
    return [id, filter] as const;
  });
  const specs = watched.map(
    ({ id, control, what, threshold = 0 }): AlarmSpec<AuditEvent> => ({
      id,
      description: `${context.name}: ${what} (CIS ${control}). Look in the trail's log group for who it was.`,
      namespace,
      metric: context.child(id),
      dimensions: {},
      statistic: "Sum",
      comparison: "above",
      threshold,
      periodSeconds: 300,
      periods: 1,
      noData: "notBreaching",
    }),
  );
  return { filters: new Map(filters), alarms: createAlarms(context, specs, args) };
}
