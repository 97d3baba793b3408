import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { PostgresServerArgs } from "./postgres-server-args.ts";

/** The key of a database: the given one, or one of its own. */
export interface DatabaseKey {
  readonly key?: aws.kms.Key;
  readonly keyArn: pulumi.Output<string>;
}

export function createKey(
  context: ComponentContext,
  { kmsKeyArn }: PostgresServerArgs,
  protect: boolean,
): DatabaseKey {
  if (kmsKeyArn !== undefined) return { keyArn: pulumi.output(kmsKeyArn) };
  const key = new aws.kms.Key(
    context.child("key"),
    {
      description: `Encrypts the PostgreSQL database ${context.name}, its backups and its password`,
      enableKeyRotation: true,
      // The longest that KMS waits: without the key, backups cannot be read.
      deletionWindowInDays: 30,
      tags: context.tags("key"),
    },
    context.options({ protect }),
  );
  return { key, keyArn: key.arn };
}

export function createSubnetGroup(
  context: ComponentContext,
  args: PostgresServerArgs & {
    readonly identifiers?: { readonly subnetGroup?: string };
    readonly adopt?: object;
  },
): aws.rds.SubnetGroup {
  const { identifiers = {}, adopt } = args;
  return new aws.rds.SubnetGroup(
    context.child("subnets"),
    {
      ...(identifiers.subnetGroup !== undefined && { name: identifiers.subnetGroup }),
      subnetIds: args.subnetIds ?? args.network.isolatedSubnetIds,
      description: `Where the PostgreSQL database ${context.name} may run`,
      tags: context.tags("subnets"),
    },
    context.adopted(adopt ? identifiers.subnetGroup : undefined, ["description", "subnetIds", "tags"]),
  );
}

/** The subnet group's generated name makes it one that no earlier database has left behind. */
export function finalSnapshot(subnetGroup: aws.rds.SubnetGroup): pulumi.Output<string> {
  return subnetGroup.id.apply((id) => `final-${id.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`);
}

/**
 * What the log holds, after CIS PostgreSQL Benchmark 3.1 and 3.2 and what finds slow queries. Values in milliseconds.
 */
const LOGGING: Readonly<Record<string, string>> = {
  log_connections: "1",
  log_disconnections: "1",
  log_min_duration_statement: "1000",
  log_statement: "ddl",
};

/** A server's parameters: TLS only and a useful log, and over those what the caller gives. */
export function serverParameters({ allowPlaintext, parameters: given = {} }: PostgresServerArgs) {
  const own = { ...LOGGING, "rds.force_ssl": allowPlaintext === undefined ? "1" : "0" };
  const parameters = [
    ...Object.entries(own).flatMap(([name, value]) =>
      given[name] === undefined ? [{ name, value, applyMethod: "immediate" }] : [],
    ),
    // Some take effect at a restart only, and AWS refuses to apply those at once.
    ...Object.entries(given).map(([name, value]) => ({ name, value, applyMethod: "pending-reboot" })),
  ];
  return parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** RDS's secret with the administrator's name and password. */
export function secretArnOf(database: {
  readonly masterUserSecrets: pulumi.Output<{ readonly secretArn: string }[]>;
}): pulumi.Output<string> {
  // Where RDS does not keep the password there is no list, whatever its type says.
  return database.masterUserSecrets.apply(
    (secrets: readonly { readonly secretArn: string }[] | undefined) => secrets?.[0]?.secretArn ?? "",
  );
}

/** Sets how often RDS changes the password; by itself it does so each week. */
export function rotatePassword(
  context: ComponentContext,
  { passwordRotationDays }: PostgresServerArgs,
  secretArn: pulumi.Output<string>,
  instances: readonly pulumi.Resource[],
): void {
  if (passwordRotationDays === undefined) return;
  new aws.secretsmanager.SecretRotation(
    context.child("password-rotation"),
    {
      secretId: secretArn,
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: passwordRotationDays },
    },
    // RDS changes the password by an instance.
    context.options({ dependsOn: [...instances] }),
  );
}
