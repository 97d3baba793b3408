import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { ENCRYPTED_TYPES } from "./encrypted-types.ts";
import { encryptionAtRest } from "./encryption-at-rest.ts";

type Inputs = Parameters<typeof verdicts>[1]["inputs"];
const judged = (type: string, inputs: Inputs) => verdicts(encryptionAtRest, { type: `aws:${type}`, inputs });

describe("encryption-at-rest", () => {
  it.each<[string, Inputs]>([
    ["rds/instance:Instance", { storageEncrypted: true }],
    ["rds/instance:Instance", { replicateSourceDb: "db-1" }],
    ["redshift/cluster:Cluster", {}],
    ["redshift/cluster:Cluster", { encrypted: "true" }],
    [
      "ec2/instance:Instance",
      { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] },
    ],
    ["ec2/instance:Instance", { launchTemplate: { id: UNKNOWN_MARK } }],
    [
      "ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { noDevice: "" }] },
    ],
    ["opensearch/domain:Domain", { encryptAtRest: { enabled: true } }],
    ["sqs/queue:Queue", {}],
    ["sqs/queue:Queue", { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/mine" }],
    ["sns/topic:Topic", { kmsMasterKeyId: UNKNOWN_MARK }],
    ["sns/topic:Topic", { kmsMasterKeyId: SECRET_MARK }],
    ["kinesis/stream:Stream", { encryptionType: "KMS" }],
    [
      "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      { kinesisSourceConfiguration: { roleArn: "arn" } },
    ],
    ["s3/bucket:Bucket", {}],
  ])("passes %s %j", async (type, inputs) => {
    expect(await judged(type, inputs)).toEqual([]);
  });

  it.each<[string, Inputs, string]>([
    [
      "rds/instance:Instance",
      {},
      "storageEncrypted is not set, so its data is not encrypted at rest (AWS FSBP RDS.3; CIS AWS Foundations v3.0.0 2.3.1)",
    ],
    [
      "rds/cluster:Cluster",
      { storageEncrypted: false },
      "storageEncrypted is false, so its data is not encrypted at rest (AWS FSBP RDS.27)",
    ],
    [
      "redshift/cluster:Cluster",
      { encrypted: "false" },
      'encrypted is "false", so its data is not encrypted at rest (AWS FSBP Redshift.10)',
    ],
    [
      "ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ ebs: {} }] },
      "blockDeviceMappings[0].ebs.encrypted is not set, so its data is not encrypted at rest (AWS FSBP EC2.181)",
    ],
    [
      "sqs/queue:Queue",
      { sqsManagedSseEnabled: false },
      "sqsManagedSseEnabled is false, so its data is not encrypted at rest (AWS FSBP SQS.1)",
    ],
    [
      "sns/topic:Topic",
      { kmsMasterKeyId: "" },
      'kmsMasterKeyId is "", so its data is not encrypted at rest (AWS Security Hub SNS.1)',
    ],
    [
      "kinesis/stream:Stream",
      { encryptionType: "NONE" },
      'encryptionType is "NONE", so its data is not encrypted at rest (AWS FSBP Kinesis.1)',
    ],
    [
      "opensearch/domain:Domain",
      {},
      "encryptAtRest.enabled is not set, so its data is not encrypted at rest (AWS FSBP Opensearch.1)",
    ],
  ])("fails when %s is %j", async (type, inputs, message) => {
    expect(await judged(type, inputs)).toEqual([`violation: ${message}`]);
  });

  it("fails for each disk of an instance", async () => {
    const found = await judged("ec2/instance:Instance", { ebsBlockDevices: [{ encrypted: true }, {}] });
    expect(found.map((line) => line.split(" is not set")[0])).toEqual([
      "violation: rootBlockDevice.encrypted",
      "violation: ebsBlockDevices[1].encrypted",
    ]);
  });

  it("is not evaluated when the property is unknown or a secret", async () => {
    expect(await judged("ebs/volume:Volume", { encrypted: UNKNOWN_MARK })).toEqual([
      "not-evaluated: cannot be evaluated: encrypted is known only after the change is made",
    ]);
    expect(await judged("ebs/volume:Volume", { encrypted: SECRET_MARK })).toEqual([
      "not-evaluated: cannot be evaluated: encrypted is a secret, and policies never see one",
    ]);
  });

  it.each(ENCRYPTED_TYPES.map(({ type, property, unless = [] }) => [type, property, unless] as const))(
    "names %s and %s as @pulumi/aws does",
    (type, property, unless) => {
      const [, module = ""] = type.split(":");
      const typings = readFileSync(
        createRequire(import.meta.url).resolve(`@pulumi/aws/${module}.d.ts`),
        "utf8",
      );
      const args = typings.match(/^export interface \w+Args \{$[\s\S]*?^\}$/m)?.[0] ?? "";
      for (const name of [property.split(/[.[]/)[0] ?? "", ...unless])
        expect(args).toContain(`    ${name}?: `);
    },
  );
});
