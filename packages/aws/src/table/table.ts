import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { type AlarmSpec, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { openingTag } from "../opening.ts";
import type { TableAlarm, TableArgs, TableProjection } from "./table-args.ts";
import { createScaling, type TableScaling } from "./table-capacity.ts";
import { planTable, type TablePlan } from "./table-plan.ts";

/** What other components need of a table. */
export interface TableRef {
  readonly tableName: pulumi.Input<string>;
  readonly tableArn: pulumi.Input<string>;
}

/** The resources of a `Table`. */
export interface TableNodes {
  readonly table: aws.dynamodb.Table;
  /** `read`, `write`, `by-owner-read` …; empty on demand. */
  readonly scaling: ReadonlyMap<string, TableScaling>;
  readonly alarms: ReadonlyMap<TableAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A DynamoDB table that can be set back to any second of the last weeks.
 *
 * Creates, named `${name}-…`: `table`; `read-throttles-alarm`, `write-throttles-alarm`; with provisioned capacity
 * `read-scaling`, `write-scaling` and `…-scaling-policy`, and the same for each global index.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Table extends pulumi.ComponentResource implements TableRef {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  /** Absent without a stream. */
  readonly streamArn?: pulumi.Output<string>;
  readonly nodes: TableNodes;
  readonly #name: string;
  readonly #keyArn: pulumi.Input<string> | undefined;

  constructor(name: string, args: TableArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = planTable(name, args);
    super("groundplane:aws:Table", name, {}, options);

    const context = new ComponentContext(name, this, plan.tags);
    const table = createTable(context, args, plan);
    this.nodes = {
      table,
      scaling:
        plan.capacity.mode === "provisioned" ? createScaling(context, table, plan.capacity, args) : new Map(),
      alarms: createAlarms(context, alarmsOf(name, table), args.alarms),
    };
    this.#name = name;
    this.#keyArn = args.kmsKeyArn;
    this.tableName = table.name;
    this.tableArn = table.arn;
    if (args.stream !== undefined) this.streamArn = table.streamArn;
    this.registerOutputs({
      ...this.ref,
      ...(this.streamArn !== undefined && { streamArn: this.streamArn }),
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly tableName: pulumi.Output<string>; readonly tableArn: pulumi.Output<string> } {
    const { tableName, tableArn } = this;
    return { tableName, tableArn };
  }

  /** The rights of who reads items, by its indexes too. */
  readStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: [
          "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:Query",
          "dynamodb:Scan",
        ],
        resources: [this.tableArn, pulumi.interpolate`${this.tableArn}/index/*`],
      },
      ...this.#keyStatements(),
    ];
  }

  /** The rights of who puts, changes and deletes items; reading is not among them. */
  writeStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: [
          "dynamodb:BatchWriteItem",
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
        ],
        resources: [this.tableArn],
      },
      ...this.#keyStatements(),
    ];
  }

  /**
   * The rights of who follows the stream, such as a function.
   *
   * @throws {INVALID_ARGUMENT} the table has no stream.
   */
  readStreamStatements(): readonly PolicyStatement[] {
    if (this.streamArn === undefined)
      throw invalidArgument(`the table ${this.#name} has no stream; give stream: "new-and-old-images"`, {
        table: this.#name,
      });
    return [
      {
        actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        resources: [this.streamArn],
      },
      // It lists by table, and knows no resource to be bound to.
      { actions: ["dynamodb:ListStreams"], resources: ["*"] },
      ...this.#keyStatements(),
    ];
  }

  /** What is worth looking at first. */
  widgets(): readonly DashboardWidget[] {
    const dimensions = { TableName: this.tableName };
    const graph = (title: string, ...metrics: readonly string[]): DashboardWidget => ({
      title: `${this.#name}: ${title}`,
      metrics: metrics.map((metric) => ({
        namespace: NAMESPACE,
        metric,
        dimensions,
        statistic: "Sum",
      })),
    });
    return [
      graph("units used", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
      graph("throttled", "ReadThrottleEvents", "WriteThrottleEvents"),
    ];
  }

  /** DynamoDB uses a given key with the rights of who calls. */
  #keyStatements(): readonly PolicyStatement[] {
    if (this.#keyArn === undefined) return [];
    return [
      {
        actions: ["kms:Decrypt"],
        resources: [this.#keyArn],
        conditions: { StringEquals: { "kms:EncryptionContext:aws:dynamodb:tableName": this.tableName } },
      },
    ];
  }
}

const NAMESPACE = "AWS/DynamoDB";

function createTable(context: ComponentContext, args: TableArgs, plan: TablePlan): aws.dynamodb.Table {
  const { partitionKey, sortKey, tableName, stream, kmsKeyArn, timeToLiveAttribute } = args;
  return new aws.dynamodb.Table(
    context.child("table"),
    {
      ...(tableName !== undefined && { name: tableName }),
      hashKey: partitionKey.name,
      ...(sortKey !== undefined && { rangeKey: sortKey.name }),
      attributes: [...plan.attributes],
      ...capacityInputs(plan),
      ...indexInputs(args, plan),
      ttl:
        timeToLiveAttribute === undefined
          ? { enabled: false }
          : { enabled: true, attributeName: timeToLiveAttribute },
      streamEnabled: stream !== undefined,
      ...(stream !== undefined && { streamViewType: VIEW_TYPES[stream] }),
      tableClass: args.tableClass === "infrequent-access" ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD",
      // A table is always encrypted: this is whether with another key than the one that AWS owns.
      serverSideEncryption: {
        enabled: kmsKeyArn !== undefined,
        ...(kmsKeyArn !== undefined && { kmsKeyArn }),
      },
      pointInTimeRecovery:
        args.noRecovery === undefined
          ? { enabled: true, recoveryPeriodInDays: plan.recoveryDays }
          : { enabled: false },
      deletionProtectionEnabled: plan.deletionProtection,
      tags: context.tags("table", openingTag("no-recovery", args.noRecovery)),
    },
    tableOptions(context, args, plan),
  );
}

const VIEW_TYPES = {
  keys: "KEYS_ONLY",
  "new-image": "NEW_IMAGE",
  "old-image": "OLD_IMAGE",
  "new-and-old-images": "NEW_AND_OLD_IMAGES",
} as const;

function tableOptions(
  context: ComponentContext,
  { tableName, adopt = false }: TableArgs,
  { capacity, protect }: TablePlan,
): pulumi.CustomResourceOptions {
  if (adopt)
    return context.adopted(
      tableName,
      [
        ...["attributes", "billingMode", "readCapacity", "writeCapacity", "onDemandThroughput"],
        ...["globalSecondaryIndexes", "ttl", "streamEnabled", "streamViewType", "tableClass"],
        ...["serverSideEncryption", "pointInTimeRecovery", "deletionProtectionEnabled", "tags"],
      ],
      { protect },
    );
  // What scaling has set stays.
  const scaled = [
    "readCapacity",
    "writeCapacity",
    "globalSecondaryIndexes[*].readCapacity",
    "globalSecondaryIndexes[*].writeCapacity",
  ];
  return context.options({
    protect,
    ...(capacity.mode === "provisioned" && { ignoreChanges: scaled }),
  });
}

function capacityInputs({ capacity }: TablePlan) {
  if (capacity.mode === "provisioned")
    return {
      billingMode: "PROVISIONED",
      readCapacity: capacity.read.min,
      writeCapacity: capacity.write.min,
    };
  const { maxReadUnits, maxWriteUnits } = capacity;
  return {
    billingMode: "PAY_PER_REQUEST",
    ...((maxReadUnits !== undefined || maxWriteUnits !== undefined) && {
      // -1 is no limit.
      onDemandThroughput: {
        maxReadRequestUnits: maxReadUnits ?? -1,
        maxWriteRequestUnits: maxWriteUnits ?? -1,
      },
    }),
  };
}

function indexInputs({ globalIndexes = {}, localIndexes = {} }: TableArgs, { capacity }: TablePlan) {
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
  const globalSecondaryIndexes = Object.entries(globalIndexes)
    .toSorted(byName)
    .map(([name, { partitionKey, sortKey, projection }]) => ({
      name,
      hashKey: partitionKey.name,
      ...(sortKey !== undefined && { rangeKey: sortKey.name }),
      ...projectionInputs(projection),
      ...(capacity.mode === "provisioned" && {
        readCapacity: capacity.read.min,
        writeCapacity: capacity.write.min,
      }),
    }));
  const localSecondaryIndexes = Object.entries(localIndexes)
    .toSorted(byName)
    .map(([name, { sortKey, projection }]) => ({
      name,
      rangeKey: sortKey.name,
      ...projectionInputs(projection),
    }));
  return {
    ...(globalSecondaryIndexes.length > 0 && { globalSecondaryIndexes }),
    ...(localSecondaryIndexes.length > 0 && { localSecondaryIndexes }),
  };
}

function projectionInputs(projection: TableProjection = "all") {
  if (projection === "all") return { projectionType: "ALL" };
  if (projection === "keys") return { projectionType: "KEYS_ONLY" };
  return { projectionType: "INCLUDE", nonKeyAttributes: [...projection] };
}

/** Metrics: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function alarmsOf(name: string, table: aws.dynamodb.Table): readonly AlarmSpec<TableAlarm>[] {
  const throttles = (id: TableAlarm, metric: string, what: string): AlarmSpec<TableAlarm> => ({
    id,
    namespace: NAMESPACE,
    metric,
    dimensions: { TableName: table.name },
    statistic: "Sum",
    comparison: "above",
    threshold: 10,
    periods: 5,
    badPeriods: 3,
    // Sent only when something is throttled.
    noData: "notBreaching",
    description: `${what} of the table ${name} are throttled: look for a hot partition key, then at the capacity.`,
  });
  return [
    throttles("read-throttles", "ReadThrottleEvents", "Reads"),
    throttles("write-throttles", "WriteThrottleEvents", "Writes"),
  ];
}
