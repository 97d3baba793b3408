import { describe, expect, test } from "vitest";
import { type Recording, record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { PostgresInstance } from "./postgres-instance.ts";
import type { PostgresInstanceArgs } from "./postgres-instance-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!x";
const keyArn = "arn:aws:rds:eu-central-1:123456789012:billing-key";

const create = (args: Partial<PostgresInstanceArgs> = {}) =>
  record(
    (options) => new PostgresInstance("billing", { network, tags, ...args }, options),
    ({ type, name, inputs }) => ({
      arn: `arn:aws:rds:eu-central-1:123456789012:${name}`,
      name: inputs["name"] ?? name,
      ...(type === "aws:rds/instance:Instance" && {
        resourceId: "db-ABC",
        masterUserSecrets: [{ secretArn }],
        address: "database.example",
      }),
    }),
  );
const inputsOf = ({ resources }: Recording<PostgresInstance>, role: string) =>
  resources.find(({ name }) => name === `billing-${role}`)?.inputs;
const optionsOf = ({ children }: Recording<PostgresInstance>, role: string) =>
  children.find(({ name }) => name === `billing-${role}`)?.options;

describe("PostgresInstance", () => {
  test("is in two zones, encrypted, backed up and hard to delete, when nothing is said", async () => {
    const recording = await create();
    const { identifier, ...inputs } = inputsOf(recording, "instance") ?? {};
    expect(identifier).toMatch(/^billing-[0-9a-f]{8}$/);
    expect(inputs).toEqual({
      engine: "postgres",
      engineVersion: "17.7",
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
      instanceClass: "db.m7g.large",
      multiAz: true,
      storageType: "gp3",
      allocatedStorage: 100,
      maxAllocatedStorage: 1000,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      username: "cluster_admin",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      iamDatabaseAuthenticationEnabled: true,
      port: 5432,
      publiclyAccessible: false,
      dbSubnetGroupName: "billing-subnets",
      parameterGroupName: "billing-parameters",
      vpcSecurityGroupIds: ["billing-access-id"],
      backupRetentionPeriod: 35,
      copyTagsToSnapshot: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "final-billing-subnets-id",
      deleteAutomatedBackups: false,
      deletionProtection: true,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 30,
      monitoringRoleArn: "arn:aws:rds:eu-central-1:123456789012:billing-monitoring-role",
      enabledCloudwatchLogsExports: ["postgresql"],
      applyImmediately: false,
      tags: { ...tags, Name: "billing-instance" },
    });
    expect(optionsOf(recording, "instance")?.protect).toBe(true);
    expect(inputsOf(recording, "parameters")).toMatchObject({ family: "postgres17" });
  });

  test("has its log group before it can make one that is kept for ever", async () => {
    const recording = await create();
    const { identifier } = inputsOf(recording, "instance") ?? {};
    expect(inputsOf(recording, "log-group")?.["name"]).toBe(`/aws/rds/instance/${identifier}/postgresql`);
    expect(optionsOf(recording, "instance")?.dependsOn).toContain(recording.component.nodes.logGroup);
  });

  test("has another name when it is another instance, and only then", async () => {
    const nameOf = async (args: Partial<PostgresInstanceArgs>) =>
      inputsOf(await create(args), "instance")?.["identifier"];
    const name = await nameOf({});
    expect(await nameOf({ instanceClass: "db.m7g.xlarge", port: 6432 })).toBe(name);
    const others = await Promise.resolve()
      .then(() => nameOf({ databaseName: "billing" }))
      .then(async (first) => [
        first,
        await nameOf({ masterUsername: "billing" }),
        await nameOf({ snapshotIdentifier: "billing" }),
        await nameOf({ kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" }),
      ]);
    expect(new Set([name, ...others]).size).toBe(5);
  });

  test("lets in each peer on its port, and nobody else", async () => {
    const recording = await create({ port: 6432, allowFrom: { api: { securityGroupId: "sg-api" } } });
    const rules = recording.children.filter(({ type }) => /SecurityGroup\w*Rule$/.test(type));
    expect(rules.map(({ name }) => name)).toEqual(["billing-access-from-api"]);
    expect(inputsOf(recording, "access-from-api")).toMatchObject({
      referencedSecurityGroupId: "sg-api",
      fromPort: 6432,
    });
  });

  test("tells when its storage does not grow fast enough", async () => {
    const recording = await create({ storage: { gib: 200, maxGib: 400 } });
    expect(inputsOf(recording, "storage-alarm")).toMatchObject({
      metricName: "FreeStorageSpace",
      dimensions: { DBInstanceIdentifier: inputsOf(recording, "instance")?.["identifier"] },
      threshold: 10 * 1024 ** 3,
      comparisonOperator: "LessThanThreshold",
    });
    expect(recording.component.widgets()).toHaveLength(4);
  });

  test("lets who connects log in as one user, and who reads the password use the key for that", async () => {
    const { component } = await create();
    const both = [...component.connectStatements("billing_api"), ...component.readSecretStatements()];
    expect(JSON.parse(await resolved(policyDocument(both)))["Statement"]).toEqual([
      {
        Effect: "Allow",
        Action: ["rds-db:connect"],
        Resource: ["arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-ABC/billing_api"],
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: [secretArn],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [keyArn],
        Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
      },
    ]);
  });

  test("adopts what exists by its names, and changes nothing of it", async () => {
    const recording = await create({
      kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
      identifiers: { instance: "legacy", subnetGroup: "legacy-subnets" },
      adopt: { logGroup: true },
    });
    const imported = recording.resources.filter(({ importId }) => importId !== undefined);
    expect(imported.map(({ name, importId }) => [name, importId])).toEqual([
      ["billing-instance", "legacy"],
      ["billing-log-group", "/aws/rds/instance/legacy/postgresql"],
      ["billing-subnets", "legacy-subnets"],
    ]);
    const { ignoreChanges } = optionsOf(recording, "instance") ?? {};
    expect(ignoreChanges).toContain("engineVersion");
    for (const property of ["kmsKeyId", "storageEncrypted", "engine", "dbSubnetGroupName"])
      expect(ignoreChanges).not.toContain(property);
  });

  test.each<[Partial<PostgresInstanceArgs>, string]>([
    [{ instanceClass: "db.serverless" }, "only a PostgresCluster has"],
    [{ storage: { gib: 10 } }, "storage.gib is 10"],
    [{ storage: { gib: 100, maxGib: 105 } }, "storage.maxGib is 105"],
    [{ engineVersion: "17.7.1" }, 'engineVersion is "17.7.1"'],
    [{ masterUsername: "admin" }, 'masterUsername is "admin"'],
    [{ identifiers: { subnetGroup: "A" } }, 'identifiers.subnetGroup is "A"'],
    [{ adopt: {} }, "adopt needs identifiers.instance"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
