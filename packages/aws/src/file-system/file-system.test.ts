import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { FileSystem } from "./file-system.ts";
import type { FileSystemArgs } from "./file-system-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const uploads = { path: "/uploads", uid: 1000, gid: 1001 };
const create = (args: Partial<FileSystemArgs>) =>
  record(
    (options) =>
      new FileSystem(
        "files",
        { network: { vpcId: "vpc-1" }, subnetIds: ["subnet-1", "subnet-2"], tags, ...args },
        options,
      ),
    ({ name }) => ({ arn: `arn-of-${name}` }),
  );
async function inputsOf(args: Partial<FileSystemArgs>): Promise<Record<string, Record<string, unknown>>> {
  const { resources } = await create(args);
  return Object.fromEntries(
    resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name.replace("files-", ""), inputs]),
  );
}
const policyOf = async (args: Partial<FileSystemArgs>) =>
  JSON.parse(String((await inputsOf(args))["policy"]?.["policy"])).Statement;
const refuseUnencrypted = {
  Sid: "RefuseUnencrypted",
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: ["*"],
  Resource: ["arn-of-files-file-system"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

describe("FileSystem", () => {
  test("is encrypted, backed up, protected and closed when nothing is said", async () => {
    const { policy, "io-limit-alarm": alarm, ...inputs } = await inputsOf({});
    expect(policy).toBeDefined();
    expect(alarm).toMatchObject({ metricName: "PercentIOLimit", threshold: 95 });
    const fileSystemId = "files-file-system-id";
    const securityGroups = ["files-security-group-id"];
    expect(inputs).toEqual({
      "file-system": {
        encrypted: true,
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: "AFTER_30_DAYS" },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
        tags: { ...tags, Name: "files-file-system" },
      },
      backups: { fileSystemId, backupPolicy: { status: "ENABLED" } },
      "security-group": {
        description: "File system files",
        vpcId: "vpc-1",
        ingress: [],
        egress: [],
        tags: { ...tags, Name: "files-security-group" },
      },
      "mount-target-0": { fileSystemId, subnetId: "subnet-1", securityGroups },
      "mount-target-1": { fileSystemId, subnetId: "subnet-2", securityGroups },
    });
    const { children } = await create({});
    expect(children.filter(({ options }) => options.protect).map(({ name }) => name)).toEqual([
      "files-file-system",
    ]);
  });

  test("is mounted over TLS only, and by whom IAM allows", async () => {
    expect(await policyOf({})).toEqual([refuseUnencrypted]);
  });

  test("lets whoever can connect in only for a reason", async () => {
    expect(await policyOf({ anonymousMount: { reason: "old clients" } })).toEqual([
      refuseUnencrypted,
      {
        Sid: "WhoCanConnect",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: ["arn-of-files-file-system"],
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
    ]);
    expect((await inputsOf({ noBackups: { reason: "scratch" } }))["file-system"]).toMatchObject({
      tags: { "Opening:no-backups": "scratch" },
    });
  });

  test("lets in those who are named, on the port of NFS", async () => {
    expect((await inputsOf({ allowFrom: ["sg-1", "sg-2"] }))["security-group"]).toMatchObject({
      ingress: [{ protocol: "tcp", fromPort: 2049, toPort: 2049, securityGroups: ["sg-1", "sg-2"] }],
    });
  });

  test("has a folder for each access point, seen as one user", async () => {
    const inputs = await inputsOf({ accessPoints: { uploads } });
    expect(inputs["uploads-access-point"]).toMatchObject({
      posixUser: { uid: 1000, gid: 1001 },
      rootDirectory: {
        path: "/uploads",
        creationInfo: { ownerUid: 1000, ownerGid: 1001, permissions: "0750" },
      },
    });
  });

  test("moves files that nobody reads", async () => {
    const inputs = await inputsOf({ infrequentAccessDays: 1, archiveDays: 90 });
    expect(inputs["file-system"]).toMatchObject({
      lifecyclePolicies: [
        { transitionToIa: "AFTER_1_DAY" },
        { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        { transitionToArchive: "AFTER_90_DAYS" },
      ],
    });
  });

  test("gives out rights to mount it, or one access point", async () => {
    const { component } = await create({ accessPoints: { uploads } });
    const statements = async (given: Parameters<typeof policyDocument>[0]) =>
      JSON.parse(await resolved(policyDocument(given))).Statement;
    expect(await statements(component.mountStatements("write", "uploads"))).toEqual([
      {
        Effect: "Allow",
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: ["arn-of-files-file-system"],
        Condition: {
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          StringEquals: { "elasticfilesystem:AccessPointArn": "arn-of-files-uploads-access-point" },
        },
      },
    ]);
    expect(await statements(component.mountStatements("read"))).toMatchObject([
      { Action: ["elasticfilesystem:ClientMount"], Resource: ["arn-of-files-file-system"] },
    ]);
    expect(() => component.mountStatements("read", "downloads")).toThrow(
      'no access point "downloads"; there are uploads',
    );
  });

  test("takes over what is there", async () => {
    const { resources } = await create({
      adopt: { fileSystemId: "fs-0a1b2c3d4e5f60718", mountTargetIds: ["fsmt-1"] },
    });
    const imported = resources.flatMap(({ name, importId }) => (importId ? [[name, importId]] : []));
    expect(imported).toEqual([
      ["files-file-system", "fs-0a1b2c3d4e5f60718"],
      ["files-mount-target-0", "fsmt-1"],
    ]);
  });

  test.each<[Partial<FileSystemArgs>, string]>([
    [{ subnetIds: [] }, "subnetIds is empty"],
    [{ archiveDays: 30 }, "not after infrequentAccessDays 30"],
    [{ archiveDays: 90, throughput: "bursting" }, 'goes only with throughput "elastic"'],
    [{ accessPoints: { Uploads: uploads } }, 'accessPoints has "Uploads"'],
    [
      { accessPoints: { uploads: { ...uploads, path: "uploads" } } },
      'accessPoints.uploads.path is "uploads"',
    ],
    [{ accessPoints: { uploads: { ...uploads, path: "/a/../b" } } }, 'path is "/a/../b"'],
    [{ accessPoints: { uploads: { ...uploads, uid: -1 } } }, "accessPoints.uploads.uid is -1"],
    [{ accessPoints: { uploads: { ...uploads, permissions: "rwx" } } }, 'permissions is "rwx"'],
    [{ adopt: { fileSystemId: "files" } }, 'adopt.fileSystemId is "files"'],
    [{ adopt: { fileSystemId: "fs-0a1b2c3d", mountTargetIds: ["a", "b", "c"] } }, "3 ids for 2 subnets"],
    [{ noBackups: { reason: "" } }, "no reason for no-backups"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
