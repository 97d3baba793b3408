import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { ProvisionedCapacity, TableArgs } from "./table-args.ts";

/** What makes the units of a table, or of one of its indexes, follow the load. */
export interface TableScaling {
  readonly target: aws.appautoscaling.Target;
  readonly policy: aws.appautoscaling.Policy;
}

/** One for reads and one for writes, of the table and of each global index: `read`, `write`, `by-owner-read` … */
export function createScaling(
  context: ComponentContext,
  table: aws.dynamodb.Table,
  capacity: ProvisionedCapacity,
  { globalIndexes = {} }: TableArgs,
): ReadonlyMap<string, TableScaling> {
  const scaled = [undefined, ...Object.keys(globalIndexes).toSorted()].flatMap((index) =>
    (["read", "write"] as const).map((of) => ({ index, of })),
  );
  return new Map(
    scaled.map(({ index, of }) => {
      const role = index === undefined ? of : `${index}-${of}`;
      return [
        role,
        scale(context, table, capacity, { role, of, ...(index !== undefined && { index }) }),
      ] as const;
    }),
  );
}

function scale(
  context: ComponentContext,
  table: aws.dynamodb.Table,
  capacity: ProvisionedCapacity,
  { role, of, index }: { readonly role: string; readonly of: "read" | "write"; readonly index?: string },
): TableScaling {
  const { min, max } = capacity[of];
  const word = of === "read" ? "Read" : "Write";
  const child = `${role}-scaling`;
  const target = new aws.appautoscaling.Target(
    context.child(child),
    {
      serviceNamespace: "dynamodb",
      resourceId:
        index === undefined
          ? pulumi.interpolate`table/${table.name}`
          : pulumi.interpolate`table/${table.name}/index/${index}`,
      scalableDimension: `dynamodb:${index === undefined ? "table" : "index"}:${word}CapacityUnits`,
      minCapacity: min,
      maxCapacity: max,
      tags: context.tags(child),
    },
    context.options(),
  );
  const policy = new aws.appautoscaling.Policy(
    context.child(`${child}-policy`),
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: `DynamoDB${word}CapacityUtilization`,
        },
        targetValue: capacity.targetPercent ?? 70,
      },
    },
    context.options(),
  );
  return { target, policy };
}
