import { describe, expect, test } from "vitest";
import { type Recording, record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { PostgresCluster } from "./postgres-cluster.ts";
import type { PostgresClusterArgs } from "./postgres-cluster-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = { vpcId: "vpc-1", isolatedSubnetIds: ["subnet-a", "subnet-b"] };
const secretArn = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:rds!x";

const create = (
  args: Partial<PostgresClusterArgs> = {},
  afterwards: (cluster: PostgresCluster) => void = () => undefined,
) =>
  record(
    (options) => {
      const cluster = new PostgresCluster("orders", { network, tags, ...args }, options);
      afterwards(cluster);
      return cluster;
    },
    ({ type, name, inputs }) => ({
      arn:
        type === "aws:rds/proxy:Proxy"
          ? "arn:aws-us-gov:rds:us-gov-west-1:123456789012:db-proxy:prx-1"
          : `arn:aws-us-gov:rds:us-gov-west-1:123456789012:${name}`,
      name: inputs["name"] ?? name,
      ...(type === "aws:rds/cluster:Cluster" && {
        clusterResourceId: "cluster-ABC",
        masterUserSecrets: [{ secretArn }],
        endpoint: "writer.example",
        readerEndpoint: "reader.example",
      }),
    }),
  );
const inputsOf = ({ resources }: Recording<PostgresCluster>, role: string) =>
  resources.find(({ name }) => name === `orders-${role}`)?.inputs;
const optionsOf = ({ children }: Recording<PostgresCluster>, role: string) =>
  children.find(({ name }) => name === `orders-${role}`)?.options;

describe("PostgresCluster", () => {
  test("is encrypted, backed up, hard to delete and with a password that nobody gives, when nothing is said", async () => {
    const recording = await create();
    const keyArn = "arn:aws-us-gov:rds:us-gov-west-1:123456789012:orders-key";
    expect(inputsOf(recording, "cluster")).toEqual({
      engine: "aurora-postgresql",
      engineVersion: "17.7",
      allowMajorVersionUpgrade: false,
      masterUsername: "cluster_admin",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      iamDatabaseAuthenticationEnabled: true,
      port: 5432,
      dbSubnetGroupName: "orders-subnets",
      dbClusterParameterGroupName: "orders-parameters",
      vpcSecurityGroupIds: ["orders-access-id"],
      storageEncrypted: true,
      kmsKeyId: keyArn,
      backupRetentionPeriod: 35,
      copyTagsToSnapshot: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "final-orders-subnets-id",
      deleteAutomatedBackups: false,
      deletionProtection: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      applyImmediately: false,
      tags: { ...tags, Name: "orders-cluster" },
    });
    expect(optionsOf(recording, "cluster")?.protect).toBe(true);
    expect(optionsOf(recording, "key")?.protect).toBe(true);
    expect(inputsOf(recording, "key")).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  test("has a writer and a reader that nobody outside reaches, and whose version stays", async () => {
    const recording = await create();
    const instances = recording.children.filter(({ type }) => type.endsWith(":ClusterInstance"));
    expect(instances.map(({ name }) => name)).toEqual(["orders-instance-1", "orders-instance-2"]);
    expect(inputsOf(recording, "instance-2")).toEqual({
      clusterIdentifier: "orders-cluster-id",
      engine: "aurora-postgresql",
      instanceClass: "db.r7g.large",
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false,
      copyTagsToSnapshot: true,
      promotionTier: 1,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: "arn:aws-us-gov:rds:us-gov-west-1:123456789012:orders-key",
      performanceInsightsRetentionPeriod: 7,
      monitoringInterval: 30,
      monitoringRoleArn: "arn:aws-us-gov:rds:us-gov-west-1:123456789012:orders-monitoring-role",
      applyImmediately: false,
      tags: { ...tags, Name: "orders-instance-2" },
    });
  });

  test("leaves minor versions to AWS when only the major one is given", async () => {
    const recording = await create({ engineVersion: "17" });
    expect(inputsOf(recording, "instance-1")).toMatchObject({ autoMinorVersionUpgrade: true });
    expect(inputsOf(recording, "parameters")).toMatchObject({ family: "aurora-postgresql17" });
  });

  test("takes TLS only, and a plaintext opening is seen on cluster and parameters", async () => {
    const forceSsl = (recording: Recording<PostgresCluster>) => {
      const { parameters } = inputsOf(recording, "parameters") ?? {};
      return Array.isArray(parameters)
        ? parameters.find(({ name }: { readonly name: string }) => name === "rds.force_ssl")
        : undefined;
    };
    expect(forceSsl(await create())).toMatchObject({ value: "1" });
    const open = await create({ allowPlaintext: { reason: "an old driver" } });
    expect(forceSsl(open)).toMatchObject({ value: "0" });
    for (const role of ["cluster", "parameters"])
      expect(inputsOf(open, role)?.["tags"]).toMatchObject({ "Opening:plaintext": "an old driver" });
  });

  test("a caller's parameter takes the place of the component's, and waits for a restart", async () => {
    const recording = await create({ parameters: { log_statement: "none" } });
    const { parameters } = inputsOf(recording, "parameters") ?? {};
    expect(parameters).toEqual([
      { name: "log_connections", value: "1", applyMethod: "immediate" },
      { name: "log_disconnections", value: "1", applyMethod: "immediate" },
      { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
      { name: "log_statement", value: "none", applyMethod: "pending-reboot" },
      { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
    ]);
  });

  test("lets in each peer on its port, and nobody else", async () => {
    const recording = await create({ port: 6432, allowFrom: { api: { securityGroupId: "sg-api" } } });
    expect(inputsOf(recording, "access")).toEqual({
      vpcId: "vpc-1",
      description: "Who may connect to a PostgreSQL cluster",
      tags: { ...tags, Name: "orders-access" },
    });
    expect(inputsOf(recording, "access-from-api")).toEqual({
      securityGroupId: "orders-access-id",
      description: "From api",
      ipProtocol: "tcp",
      fromPort: 6432,
      toPort: 6432,
      referencedSecurityGroupId: "sg-api",
      tags: { ...tags, Name: "orders-access-from-api" },
    });
    const rules = recording.children.filter(({ type }) => /SecurityGroup\w*Rule$/.test(type));
    expect(rules).toHaveLength(1);
  });

  test("lets in a peer that is made after it, at the proxy too, as if it had been named before", async () => {
    const peer = { securityGroupId: "sg-api" };
    const named = await create({ proxy: {}, allowFrom: { api: peer } });
    const after = await create({ proxy: {} }, (cluster) => cluster.letIn("api", peer));
    for (const role of ["access-from-api", "proxy-access-from-api"])
      expect(inputsOf(after, role)).toEqual(inputsOf(named, role));
    expect(inputsOf(after, "access-from-api")).toMatchObject({ referencedSecurityGroupId: "sg-api" });
    expect(() => after.component.letIn("API 1", peer)).toThrow('allowFrom has "API 1"');
  });

  test("scales in dev to nothing, and is watched for its capacity", async () => {
    const recording = await create({ preset: "dev" });
    expect(inputsOf(recording, "cluster")).toMatchObject({
      serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 2, secondsUntilAutoPause: 1800 },
      skipFinalSnapshot: true,
    });
    const alarms = recording.children.filter(({ type }) => type.endsWith(":MetricAlarm"));
    expect(alarms.map(({ name }) => name)).toEqual([
      "orders-capacity-alarm",
      "orders-connections-alarm",
      "orders-cpu-alarm",
      "orders-memory-alarm",
      "orders-transaction-ids-alarm",
    ]);
    expect(inputsOf(recording, "capacity-alarm")).toMatchObject({
      namespace: "AWS/RDS",
      metricName: "ACUUtilization",
      dimensions: { DBClusterIdentifier: "orders-cluster-id" },
      threshold: 90,
    });
  });

  test("has its log group before the first instance can make one that is kept for ever", async () => {
    const recording = await create();
    expect(inputsOf(recording, "log-group")).toMatchObject({
      name: "/aws/rds/cluster/orders-cluster-id/postgresql",
      retentionInDays: 365,
    });
    const { dependsOn } = optionsOf(recording, "instance-1") ?? {};
    expect(dependsOn).toContain(recording.component.nodes.logGroup);
  });

  test("has a proxy that logs in by IAM, between its peers and the cluster", async () => {
    const recording = await create({ proxy: {}, allowFrom: { api: { securityGroupId: "sg-api" } } });
    expect(inputsOf(recording, "proxy")).toEqual({
      engineFamily: "POSTGRESQL",
      defaultAuthScheme: "IAM_AUTH",
      roleArn: "arn:aws-us-gov:rds:us-gov-west-1:123456789012:orders-proxy-role",
      requireTls: true,
      idleClientTimeout: 1800,
      vpcSubnetIds: ["subnet-a", "subnet-b"],
      vpcSecurityGroupIds: ["orders-proxy-access-id"],
      tags: { ...tags, Name: "orders-proxy" },
    });
    expect(inputsOf(recording, "access-from-own-proxy")).toMatchObject({
      referencedSecurityGroupId: "orders-proxy-access-id",
    });
    expect(inputsOf(recording, "proxy-access-to-cluster")).toMatchObject({
      referencedSecurityGroupId: "orders-access-id",
      fromPort: 5432,
    });
    expect(inputsOf(recording, "proxy-access-from-api")).toMatchObject({
      referencedSecurityGroupId: "sg-api",
    });
    expect(JSON.parse(String(inputsOf(recording, "proxy-policy")?.["policy"]))).toMatchObject({
      Statement: [
        {
          Action: ["rds-db:connect"],
          Resource: ["arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-ABC/*"],
        },
      ],
    });
  });

  test("lets who connects log in as one user, at the cluster and at the proxy", async () => {
    const { component } = await create({ proxy: {} });
    expect(JSON.parse(await resolved(policyDocument(component.connectStatements("orders_api"))))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["rds-db:connect"],
          Resource: [
            "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-ABC/orders_api",
            "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:prx-1/orders_api",
          ],
        },
      ],
    });
    expect(() => component.connectStatements("*")).toThrow('"*" is no database user');
  });

  test("lets who reads the password use the key for that alone", async () => {
    const { component } = await create();
    expect(JSON.parse(await resolved(policyDocument(component.readSecretStatements())))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
          Resource: [secretArn],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: ["arn:aws-us-gov:rds:us-gov-west-1:123456789012:orders-key"],
          Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
        },
      ],
    });
  });

  test("adopts what exists by its names, and changes nothing of it", async () => {
    const recording = await create({
      kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
      identifiers: { cluster: "legacy", subnetGroup: "legacy-subnets", instances: ["legacy-1"] },
      adopt: { logGroup: true },
    });
    const imported = recording.resources.filter(({ importId }) => importId !== undefined);
    expect(imported.map(({ name, importId }) => [name, importId])).toEqual([
      ["orders-cluster", "legacy"],
      ["orders-instance-1", "legacy-1"],
      ["orders-log-group", "/aws/rds/cluster/legacy/postgresql"],
      ["orders-subnets", "legacy-subnets"],
    ]);
    expect(inputsOf(recording, "cluster")).toMatchObject({ clusterIdentifier: "legacy" });
    const { ignoreChanges } = optionsOf(recording, "cluster") ?? {};
    expect(ignoreChanges).toEqual(expect.arrayContaining(["engineVersion", "vpcSecurityGroupIds", "tags"]));
    // What decides whether it is the same cluster is compared all the same.
    for (const property of ["kmsKeyId", "storageEncrypted", "dbSubnetGroupName", "engine"])
      expect(ignoreChanges).not.toContain(property);
  });

  test("is found on dashboards by its cluster", async () => {
    const { component } = await create();
    const [first] = component.widgets();
    expect(first).toMatchObject({ title: "orders: processor (%)", metrics: [{ metric: "CPUUtilization" }] });
    expect(component.widgets().map(({ title }) => title)).toContain("orders: readers behind (ms)");
  });

  test.each<[Partial<PostgresClusterArgs>, string]>([
    [{ engineVersion: "latest" }, 'engineVersion is "latest"'],
    [{ engineVersion: "9.6" }, 'engineVersion is "9.6"'],
    [{ instanceClass: "r7g.large" }, 'instanceClass is "r7g.large"'],
    [{ serverless: { minUnits: 1, maxUnits: 2 } }, "instanceClass is db.r7g.large"],
    [{ preset: "dev", serverless: { minUnits: 0.25, maxUnits: 2 } }, "0.25 to 2 units"],
    [
      { preset: "dev", serverless: { minUnits: 1, maxUnits: 2, pauseAfterSeconds: 600 } },
      "needs minUnits: 0",
    ],
    [{ readers: 16 }, "readers is 16"],
    [{ masterUsername: "postgres" }, 'masterUsername is "postgres"'],
    [{ databaseName: "orders-db" }, 'databaseName is "orders-db"'],
    [{ port: 80 }, "port is 80"],
    [{ passwordRotationDays: 0 }, "passwordRotationDays is 0"],
    [{ backupRetentionDays: 0 }, "backupRetentionDays is 0"],
    [{ backupWindow: "2-3" }, 'backupWindow is "2-3"'],
    [{ maintenanceWindow: "Sun:03:00-Sun:04:00" }, 'maintenanceWindow is "Sun:03:00-Sun:04:00"'],
    [{ enhancedMonitoringSeconds: 7 }, 'enhancedMonitoringSeconds is "7"'],
    [{ performanceInsightsDays: 30 }, "performanceInsightsDays is 30"],
    [{ parameters: { "rds.force_ssl": "0" } }, "say allowPlaintext"],
    [{ allowPlaintext: { reason: "" } }, "no reason for plaintext"],
    [{ proxy: {}, iamAuthentication: false }, "the proxy logs in by IAM"],
    [{ proxy: { maxConnectionsPercent: 0 } }, "proxy.maxConnectionsPercent is 0"],
    [{ allowFrom: { "API 1": { securityGroupId: "sg-1" } } }, 'allowFrom has "API 1"'],
    [{ identifiers: { cluster: "Orders" } }, 'identifiers has "Orders"'],
    [{ adopt: {} }, "adopt needs identifiers.cluster"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
