import { describe, expect, test } from "vitest";
import { type Recording, record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { Table } from "./table.ts";
import type { TableArgs } from "./table-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const id = { name: "id", type: "string" } as const;
const arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders-table";

const create = (args: Partial<TableArgs> = {}) =>
  record(
    (options) => new Table("orders", { partitionKey: id, tags, ...args }, options),
    ({ name, inputs }) => ({ arn, name: inputs["name"] ?? name, streamArn: `${arn}/stream/1` }),
  );
const inputsOf = ({ resources }: Recording<Table>, role: string) =>
  resources.find(({ name }) => name === `orders-${role}`)?.inputs;
const optionsOf = ({ children }: Recording<Table>, role: string) =>
  children.find(({ name }) => name === `orders-${role}`)?.options;
const statements = async (given: Parameters<typeof policyDocument>[0]) =>
  JSON.parse(await resolved(policyDocument(given)))["Statement"];

describe("Table", () => {
  test("can be set back to any second of 35 days and is hard to delete, when nothing is said", async () => {
    const recording = await create();
    expect(inputsOf(recording, "table")).toEqual({
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      billingMode: "PAY_PER_REQUEST",
      ttl: { enabled: false },
      streamEnabled: false,
      tableClass: "STANDARD",
      serverSideEncryption: { enabled: false },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
      deletionProtectionEnabled: true,
      tags: { ...tags, Name: "orders-table" },
    });
    expect(optionsOf(recording, "table")?.protect).toBe(true);
    expect(recording.children.map(({ name }) => name)).toEqual([
      "orders-read-throttles-alarm",
      "orders-table",
      "orders-write-throttles-alarm",
    ]);
  });

  test("names each key attribute once, and projects what an index asks for", async () => {
    const recording = await create({
      sortKey: { name: "at", type: "number" },
      globalIndexes: {
        "by-state": {
          partitionKey: { name: "state", type: "string" },
          sortKey: { name: "at", type: "number" },
          projection: ["total"],
        },
        "by-blob": { partitionKey: { name: "blob", type: "binary" }, projection: "keys" },
      },
      localIndexes: { "by-age": { sortKey: { name: "age", type: "number" } } },
    });
    expect(inputsOf(recording, "table")).toMatchObject({
      hashKey: "id",
      rangeKey: "at",
      attributes: [
        { name: "age", type: "N" },
        { name: "at", type: "N" },
        { name: "blob", type: "B" },
        { name: "id", type: "S" },
        { name: "state", type: "S" },
      ],
      globalSecondaryIndexes: [
        { name: "by-blob", hashKey: "blob", projectionType: "KEYS_ONLY" },
        {
          name: "by-state",
          hashKey: "state",
          rangeKey: "at",
          projectionType: "INCLUDE",
          nonKeyAttributes: ["total"],
        },
      ],
      localSecondaryIndexes: [{ name: "by-age", rangeKey: "age", projectionType: "ALL" }],
    });
  });

  test("has units that follow the load, for its indexes too, and leaves what scaling has set", async () => {
    const recording = await create({
      globalIndexes: { "by-owner": { partitionKey: { name: "owner", type: "string" } } },
      capacity: { mode: "provisioned", read: { min: 5, max: 50 }, write: { min: 2, max: 20 } },
    });
    expect(inputsOf(recording, "table")).toMatchObject({
      billingMode: "PROVISIONED",
      readCapacity: 5,
      writeCapacity: 2,
      globalSecondaryIndexes: [{ name: "by-owner", readCapacity: 5, writeCapacity: 2 }],
    });
    expect(optionsOf(recording, "table")?.ignoreChanges).toEqual([
      "readCapacity",
      "writeCapacity",
      "globalSecondaryIndexes[*].readCapacity",
      "globalSecondaryIndexes[*].writeCapacity",
    ]);
    expect(inputsOf(recording, "by-owner-write-scaling")).toEqual({
      serviceNamespace: "dynamodb",
      resourceId: "table/orders-table/index/by-owner",
      scalableDimension: "dynamodb:index:WriteCapacityUnits",
      minCapacity: 2,
      maxCapacity: 20,
      tags: { ...tags, Name: "orders-by-owner-write-scaling" },
    });
    expect(inputsOf(recording, "read-scaling-policy")).toMatchObject({
      resourceId: "table/orders-table",
      scalableDimension: "dynamodb:table:ReadCapacityUnits",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "DynamoDBReadCapacityUtilization" },
        targetValue: 70,
      },
    });
    expect([...recording.component.nodes.scaling.keys()]).toEqual([
      "read",
      "write",
      "by-owner-read",
      "by-owner-write",
    ]);
  });

  test("has a price limit on demand when one is given", async () => {
    const recording = await create({ capacity: { mode: "on-demand", maxWriteUnits: 100 } });
    expect(inputsOf(recording, "table")?.["onDemandThroughput"]).toEqual({
      maxReadRequestUnits: -1,
      maxWriteRequestUnits: 100,
    });
  });

  test("lets readers read and writers write, and nothing more", async () => {
    const { component } = await create();
    expect(await statements(component.readStatements())).toEqual([
      {
        Effect: "Allow",
        Action: [
          "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:Query",
          "dynamodb:Scan",
        ],
        Resource: [arn, `${arn}/index/*`],
      },
    ]);
    expect(await statements(component.writeStatements())).toEqual([
      {
        Effect: "Allow",
        Action: [
          "dynamodb:BatchWriteItem",
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
        ],
        Resource: [arn],
      },
    ]);
    expect(() => component.readStreamStatements()).toThrow("the table orders has no stream");
  });

  test("lends its key to who reads, writes and follows it, for this table alone", async () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
    const recording = await create({ kmsKeyArn: key, stream: "new-image" });
    expect(inputsOf(recording, "table")).toMatchObject({
      serverSideEncryption: { enabled: true, kmsKeyArn: key },
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
    });
    const lent = {
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [key],
      Condition: { StringEquals: { "kms:EncryptionContext:aws:dynamodb:tableName": "orders-table" } },
    };
    const { component } = recording;
    for (const given of [
      component.readStatements(),
      component.writeStatements(),
      component.readStreamStatements(),
    ])
      expect(await statements(given)).toContainEqual(lent);
    expect(await statements(component.readStreamStatements())).toContainEqual({
      Effect: "Allow",
      Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      Resource: [`${arn}/stream/1`],
    });
  });

  test("goes without recovery for a reason that is seen", async () => {
    const recording = await create({ noRecovery: { reason: "filled from the archive" } });
    expect(inputsOf(recording, "table")).toMatchObject({
      pointInTimeRecovery: { enabled: false },
      tags: { "Opening:no-recovery": "filled from the archive" },
    });
  });

  test("adopts a table by its name, and changes nothing of it", async () => {
    const recording = await create({ tableName: "legacy", adopt: true });
    const table = recording.resources.find(({ name }) => name === "orders-table");
    expect(table).toMatchObject({ importId: "legacy", inputs: { name: "legacy" } });
    const { ignoreChanges } = optionsOf(recording, "table") ?? {};
    expect(ignoreChanges).toContain("globalSecondaryIndexes");
    // Another key is another table: that is refused, not passed over.
    expect(ignoreChanges).not.toContain("hashKey");
  });

  test("tells of throttling that lasts, not of a burst", async () => {
    const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
    const recording = await create({ alarms: { topic } });
    expect(inputsOf(recording, "write-throttles-alarm")).toMatchObject({
      metricName: "WriteThrottleEvents",
      dimensions: { TableName: "orders-table" },
      statistic: "Sum",
      threshold: 10,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
      alarmActions: [topic.topicArn],
    });
    expect(recording.component.widgets()[1]).toMatchObject({ title: "orders: throttled" });
  });

  test.each<[Partial<TableArgs>, string]>([
    [{ partitionKey: { name: "", type: "string" } }, "a key's name has 0 characters"],
    [{ sortKey: { name: "id", type: "number" } }, "id is a string and a number"],
    [{ globalIndexes: { By_Owner: { partitionKey: id } } }, '"By_Owner" cannot name an index'],
    [{ globalIndexes: { "by-id": { partitionKey: id, projection: [] } } }, "by-id has 0 attributes"],
    [{ localIndexes: { "by-age": { sortKey: { name: "age", type: "number" } } } }, "a sortKey"],
    [
      {
        sortKey: { name: "at", type: "number" },
        globalIndexes: { same: { partitionKey: id } },
        localIndexes: { same: { sortKey: { name: "age", type: "number" } } },
      },
      'both have "same"',
    ],
    [{ capacity: { mode: "on-demand", maxReadUnits: 0 } }, "capacity.maxReadUnits is 0"],
    [
      { capacity: { mode: "provisioned", read: { min: 5, max: 1 }, write: { min: 1, max: 1 } } },
      "capacity.read.max is 1",
    ],
    [
      {
        capacity: {
          mode: "provisioned",
          read: { min: 1, max: 1 },
          write: { min: 1, max: 1 },
          targetPercent: 95,
        },
      },
      "capacity.targetPercent is 95",
    ],
    [{ recoveryDays: 36 }, "recoveryDays is 36"],
    [{ recoveryDays: 7, noRecovery: { reason: "x" } }, "leave one out"],
    [{ tableName: "a b c" }, 'tableName is "a b c"'],
    [{ adopt: true }, "adopt needs tableName"],
    [{ timeToLiveAttribute: "" }, "timeToLiveAttribute has 0 characters"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
