import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";

/** https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
const ACTIONS = {
  read: ["elasticfilesystem:ClientMount"],
  write: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
  root: [
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientWrite",
    "elasticfilesystem:ClientRootAccess",
  ],
} as const;

/** `root`: the client's root user stays root; otherwise it is nobody. */
export type FileSystemAccess = keyof typeof ACTIONS;

/**
 * What EFS refuses from anybody, and what it lets anybody do. Without a policy, or one that allows, every client that
 * can connect may read and write; one that only refuses leaves it to IAM.
 */
export function fileSystemStatements(
  fileSystemArn: pulumi.Input<string>,
  anonymous: boolean,
): readonly PolicyStatement[] {
  const resources = [fileSystemArn];
  const refuseUnencrypted: PolicyStatement = {
    sid: "RefuseUnencrypted",
    effect: "Deny",
    actions: ["*"],
    principals: { AWS: "*" },
    resources,
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };
  if (!anonymous) return [refuseUnencrypted];
  return [
    refuseUnencrypted,
    {
      sid: "WhoCanConnect",
      actions: ACTIONS.write,
      principals: { AWS: "*" },
      resources,
      conditions: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
  ];
}

/** The rights of a client, on an access point alone where one is given. */
export function mountStatements(
  access: FileSystemAccess,
  fileSystemArn: pulumi.Input<string>,
  accessPointArn: pulumi.Input<string> | undefined,
): readonly PolicyStatement[] {
  return [
    {
      actions: ACTIONS[access],
      resources: [fileSystemArn],
      conditions: {
        Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
        ...(accessPointArn !== undefined && {
          StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn },
        }),
      },
    },
  ];
}
