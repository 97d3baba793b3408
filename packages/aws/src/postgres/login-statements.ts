import { invalidArgument } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { arnScope } from "../arn.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";

/** The ARN of database users, by the resource id of a database or proxy. `*` is every user. */
export function databaseUserArn(
  near: pulumi.Input<string>,
  resourceId: pulumi.Input<string>,
  user: string,
): pulumi.Output<string> {
  return pulumi.all([near, resourceId]).apply(([arn, id]) => {
    const { partition, region, accountId } = arnScope(arn);
    return `arn:${partition}:rds-db:${region}:${accountId}:dbuser:${id}/${user}`;
  });
}

/**
 * The rights of who logs in by IAM as this database user.
 *
 * @param near - ARN of the database
 * @param resourceIds - of what the user logs in to: `cluster-…`, `db-…`, `prx-…`
 * @throws {INVALID_ARGUMENT} the name is not one of a database user.
 */
export function connectStatements(
  near: pulumi.Input<string>,
  resourceIds: readonly pulumi.Input<string>[],
  databaseUser: string,
): readonly PolicyStatement[] {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(databaseUser))
    throw invalidArgument(
      `"${databaseUser}" is no database user; give 1 to 63 lower-case letters, digits and _, not a digit first`,
      { databaseUser },
    );
  return [
    {
      actions: ["rds-db:connect"],
      resources: resourceIds.map((id) => databaseUserArn(near, id, databaseUser)),
    },
  ];
}

/** The rights of who reads the administrator's name and password. */
export function readSecretStatements(
  secretArn: pulumi.Input<string>,
  keyArn: pulumi.Input<string>,
): readonly PolicyStatement[] {
  return [
    {
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      resources: [secretArn],
    },
    {
      actions: ["kms:Decrypt"],
      resources: [keyArn],
      // The key encrypts the data too: here it is lent for this secret only.
      conditions: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
    },
  ];
}
