import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxFixture } from "../provider/sandbox.fixture.ts";
import { awsCloud } from "./aws-cloud.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObject:BucketObject";
const ROLE = "aws:iam/role:Role";
const TRUST = { assumeRolePolicy: '{"Statement":[]}' };

let fixture: SandboxFixture;
beforeEach(() => {
  fixture = new SandboxFixture();
});
afterEach(() => fixture.dispose());

describe("S3", () => {
  test("bucket names are unique and lower-case, and a bucket that is not empty stays", () => {
    const bucket = fixture.create(BUCKET, "Data", {});
    expect(bucket.id).toMatch(/^data-[0-9a-f]{7}$/);
    expect(() => fixture.create(BUCKET, "again", { bucket: bucket.id })).toThrow("BucketAlreadyOwnedByYou");
    expect(fixture.problems(BUCKET, { bucket: "Not_A_Bucket" })[0]?.property).toBe("bucket");
    expect(() => fixture.create(OBJECT, "o", { bucket: "none", key: "k" })).toThrow("NoSuchBucket");
    const object = fixture.create(OBJECT, "o", { bucket: bucket.id, key: "k" });
    expect(() => fixture.delete(BUCKET, "Data", bucket)).toThrow("BucketNotEmpty");
    fixture.delete(OBJECT, "o", object);
    fixture.delete(BUCKET, "Data", bucket);
  });
});

describe("IAM", () => {
  test("names are unique, policies parse, and a role with a policy stays", () => {
    const role = fixture.create(ROLE, "app", { name: "app", ...TRUST });
    expect(role.outputs["arn"]).toBe("arn:aws:iam::000000000000:role/app");
    expect(() => fixture.create(ROLE, "app2", { name: "app", ...TRUST })).toThrow("EntityAlreadyExists");
    expect(fixture.problems(ROLE, { assumeRolePolicy: "{" })[0]?.reason).toContain("no JSON");
    const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const policyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    expect(() => fixture.create(type, "x", { role: "none", policyArn })).toThrow("NoSuchEntity");
    const attachment = fixture.create(type, "x", { role: "app", policyArn });
    expect(() => fixture.delete(ROLE, "app", role)).toThrow("DeleteConflict");
    fixture.delete(type, "x", attachment);
    fixture.delete(ROLE, "app", role);
  });

  test("a policy document is rendered as the provider renders it", () => {
    const { outputs } = fixture.provider.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          ...{ sid: "Logs", actions: ["logs:PutLogEvents", "logs:CreateLogStream"], resources: ["*"] },
          principals: [{ type: "Service", identifiers: ["vpc-flow-logs.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["000000000000"] }],
        },
      ],
    });
    expect(JSON.parse(String(outputs["json"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Sid: "Logs", Effect: "Allow", Resource: "*" },
          Action: ["logs:PutLogEvents", "logs:CreateLogStream"],
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
        },
      ],
    });
  });
});

describe("CloudWatch and KMS", () => {
  test("a log group takes AWS's retention times only, and an alias begins with alias/", () => {
    expect(fixture.problems("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 42 })[0]?.property).toBe(
      "retentionInDays",
    );
    const key = fixture.create("aws:kms/key:Key", "k", {});
    expect(key.outputs["arn"]).toBe(`arn:aws:kms:eu-west-1:000000000000:key/${key.id}`);
    expect(fixture.problems("aws:kms/alias:Alias", { name: "x", targetKeyId: key.id })[0]?.property).toBe(
      "name",
    );
    const alias = fixture.create("aws:kms/alias:Alias", "a", { name: "alias/x", targetKeyId: key.id });
    expect(alias.outputs["targetKeyArn"]).toBe(key.outputs["arn"]);
  });
});

describe("databases", () => {
  const CLUSTER = "aws:rds/cluster:Cluster";

  test("a cluster with a managed password has a secret, and stays while it is protected", () => {
    const cluster = fixture.create(CLUSTER, "db", {
      engine: "aurora-postgresql",
      manageMasterUserPassword: true,
      deletionProtection: true,
    });
    expect(cluster.outputs["clusterIdentifier"]).toBe(cluster.id);
    const secretId = JSON.stringify(cluster.outputs["masterUserSecrets"]).match(/arn:[^"]+/)?.[0] ?? "";
    const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
    const rotationRules = { automaticallyAfterDays: 30 };
    fixture.create(rotation, "rotation", { secretId, rotationRules });
    expect(() => fixture.create(rotation, "no", { secretId: `${secretId}x`, rotationRules })).toThrow(
      "does not exist",
    );
    expect(() => fixture.delete(CLUSTER, "db", cluster)).toThrow("deletion protection");
  });

  test("an instance has a name that is not its id, and a secret for its managed password", () => {
    const { id, outputs } = fixture.create("aws:rds/instance:Instance", "db", {
      ...{ identifier: "orders", engine: "postgres", instanceClass: "db.t4g.micro" },
      manageMasterUserPassword: true,
    });
    expect([outputs["identifier"], outputs["resourceId"]]).toEqual(["orders", id]);
    expect(JSON.stringify(outputs["masterUserSecrets"])).toContain(":secret:rds!db-");
  });

  test("a cluster has no secret without a managed password", () => {
    const { outputs } = fixture.create(CLUSTER, "db", { engine: "aurora-postgresql" });
    expect(outputs["masterUserSecrets"]).toEqual([]);
  });
});

describe("CloudTrail", () => {
  test("takes a log group by its ARN with :*, where there is such a group", () => {
    const bucket = fixture.create(BUCKET, "logs", {});
    const group = fixture.create("aws:cloudwatch/logGroup:LogGroup", "g", {});
    const trail = (name: string, arn: string) =>
      fixture.create("aws:cloudtrail/trail:Trail", name, {
        s3BucketName: bucket.id,
        cloudWatchLogsGroupArn: arn,
      });
    trail("good", `${String(group.outputs["arn"])}:*`);
    expect(() => trail("bad", `${String(group.outputs["arn"])}x:*`)).toThrow("does not exist");
  });
});

describe("ACM", () => {
  test("a certificate says by which records each of its names is proven", () => {
    const { outputs } = fixture.create("aws:acm/certificate:Certificate", "web", {
      domainName: "example.com",
      subjectAlternativeNames: ["*.example.com"],
      validationMethod: "DNS",
    });
    const record = {
      resourceRecordName: expect.stringMatching(/^_[0-9a-f-]+\.example\.com\.$/),
      resourceRecordType: "CNAME",
      resourceRecordValue: expect.stringMatching(/\.acm-validations\.aws\.$/),
    };
    expect(outputs["domainValidationOptions"]).toEqual([
      { domainName: "example.com", ...record },
      { domainName: "*.example.com", ...record },
    ]);
  });
});

describe("functions", () => {
  test("find what is in the sandbox, by id, tags and filters", () => {
    const vpc = fixture.create("aws:ec2/vpc:Vpc", "main", {
      cidrBlock: "10.0.0.0/16",
      tags: { Name: "main" },
    });
    const get = (args: Parameters<typeof fixture.provider.invoke>[1]) =>
      fixture.provider.invoke("aws:ec2/getVpc:getVpc", args).outputs["id"];
    expect(get({ id: vpc.id })).toBe(vpc.id);
    expect(get({ tags: { Name: "main" } })).toBe(vpc.id);
    expect(get({ filters: [{ name: "tag:Name", values: ["main"] }] })).toBe(vpc.id);
    expect(() => get({ tags: { Name: "else" } })).toThrow("no matching EC2 VPC");
  });

  test("fails when the sandbox has no answer, and says how to go on", () => {
    expect(() => fixture.provider.invoke("aws:ec2/getInstance:getInstance", {})).toThrow(
      /no answer .* pass the value in/,
    );
  });

  test("name the caller's account as the sandbox's", () => {
    const { outputs } = fixture.provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    expect(outputs["accountId"]).toBe("000000000000");
  });
});

describe("the replacement table", () => {
  const replaces = (type: string, property: string) =>
    awsCloud.replaces(type, property, property) ??
    fixture.catalog.resource(type)?.inputs[property]?.x !== undefined;

  test.each([
    ["aws:ec2/vpc:Vpc", "cidrBlock", true],
    ["aws:ec2/vpc:Vpc", "enableDnsHostnames", false],
    ["aws:ec2/subnet:Subnet", "availabilityZone", true],
    ["aws:ec2/subnet:Subnet", "vpcId", true],
    ["aws:ec2/subnet:Subnet", "mapPublicIpOnLaunch", false],
    ["aws:ec2/securityGroup:SecurityGroup", "description", true],
    ["aws:ec2/securityGroup:SecurityGroup", "ingress", false],
    ["aws:ec2/routeTableAssociation:RouteTableAssociation", "routeTableId", false],
    ["aws:ec2/natGateway:NatGateway", "subnetId", true],
    ["aws:s3/bucket:Bucket", "bucket", true],
    ["aws:iam/role:Role", "name", true],
    ["aws:cloudwatch/logGroup:LogGroup", "name", true],
    ["aws:cloudwatch/logGroup:LogGroup", "retentionInDays", false],
    ["aws:rds/instance:Instance", "identifier", false],
    ["aws:rds/cluster:Cluster", "masterUsername", true],
    ["aws:rds/cluster:Cluster", "engineVersion", false],
    ["aws:rds/instance:Instance", "dbName", true],
    ["aws:rds/instance:Instance", "allocatedStorage", false],
    ["aws:dynamodb/table:Table", "hashKey", true],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName", true],
    ["aws:kms/key:Key", "tags", false],
    ["aws:sqs/queue:Queue", "region", true],
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId", true],
    ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "cidrIpv4", false],
    ["aws:sns/topicSubscription:TopicSubscription", "endpoint", true],
    ["aws:amp/workspace:Workspace", "kmsKeyArn", true],
    ["aws:route53/zone:Zone", "name", true],
    ["aws:route53/zone:Zone", "comment", false],
    ["aws:route53/record:Record", "zoneId", true],
    ["aws:route53/record:Record", "records", false],
    ["aws:acm/certificate:Certificate", "domainName", true],
    ["aws:acm/certificateValidation:CertificateValidation", "certificateArn", true],
    ["aws:costexplorer/anomalyMonitor:AnomalyMonitor", "monitorSpecification", true],
  ])("%s %s: %s", (type, property, expected) => expect(replaces(type, property)).toBe(expected));
});
