import type { Properties } from "@groundplane/provider";
import { mintId } from "../marks.ts";
import type { RuleContext, TypeRule } from "../provider/cloud.ts";
import { keep, objects, text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";

const TERRAFORM = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources";

/** Each property with the page that names it as one that forces a new resource. */
const of = (resource: string, ...properties: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(properties.map((property) => [property, `${TERRAFORM}/${resource}`]));

const refusesDeletion = (property: string, what: string): Pick<TypeRule, "remove"> => ({
  remove: ({ id, previous }) => {
    if (previous?.[property] === true)
      throw refusal(
        "InvalidParameterCombination",
        `${what} ${id} has deletion protection: turn it off first`,
      );
  },
});

/** RDS keeps the password in a secret of its own, where it is asked to. */
function managedPassword({ inputs, previous, settings }: RuleContext): Properties {
  if (inputs["manageMasterUserPassword"] !== true) return { masterUserSecrets: [] };
  return {
    masterUserSecrets: keep(previous, "masterUserSecrets", () => [
      {
        kmsKeyId: text(inputs, "masterUserSecretKmsKeyId") ?? "",
        secretArn: `arn:aws:secretsmanager:${settings.region}:${settings.account}:secret:rds!${mintId("db")}`,
        secretStatus: "active",
      },
    ]),
  };
}

const server: TypeRule = {
  ...refusesDeletion("deletionProtection", "the database"),
  companions: (_context, outputs) =>
    objects(outputs, "masterUserSecrets").flatMap((secret) => {
      const arn = text(secret, "secretArn");
      return arn === undefined
        ? []
        : [{ type: "aws:secretsmanager/secret:Secret", id: arn, outputs: { arn } }];
    }),
};

const cluster: TypeRule = {
  ...server,
  id: ({ inputs }) => text(inputs, "clusterIdentifier") ?? mintId("cluster"),
  outputs: (context) => ({ clusterIdentifier: context.id, ...managedPassword(context) }),
  replaces: of("rds_cluster", "clusterIdentifierPrefix", "engine", "masterUsername", "restoreToPointInTime"),
};

const instance: TypeRule = {
  ...server,
  // Its id is a number of RDS's own: the identifier can change.
  id: () => mintId("db"),
  outputs: (context) => ({
    identifier: text(context.inputs, "identifier") ?? context.id,
    resourceId: context.id,
    ...managedPassword(context),
  }),
  replaces: of(
    "db_instance",
    ...["availabilityZone", "characterSetName", "dbName", "engine", "identifierPrefix", "kmsKeyId"],
    ...["restoreToPointInTime", "snapshotIdentifier", "storageEncrypted", "timezone", "username"],
  ),
  // CloudFormation replaces it for another port; the provider modifies it.
  updates: of("db_instance", "port"),
};

/** Databases, tables and caches. */
export const databaseRules: Readonly<Record<string, TypeRule>> = {
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/instance:Instance": instance,
  "aws:rds/parameterGroup:ParameterGroup": {
    replaces: of("db_parameter_group", "name", "family", "description"),
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    id: ({ inputs }) => text(inputs, "identifier") ?? mintId("cluster-instance"),
    outputs: ({ id }) => ({ identifier: id }),
    replaces: of(
      "rds_cluster_instance",
      ...["availabilityZone", "clusterIdentifier", "customIamInstanceProfile", "dbSubnetGroupName"],
      ...["engine", "identifier", "identifierPrefix"],
    ),
  },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
    replaces: of("rds_cluster_parameter_group", "name", "family", "description"),
  },
  "aws:rds/proxy:Proxy": { replaces: of("db_proxy", "engineFamily", "vpcSubnetIds") },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    replaces: of("db_proxy_default_target_group", "dbProxyName"),
    outputs: () => ({ name: "default" }),
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    replaces: of(
      "db_proxy_target",
      ...["dbProxyName", "targetGroupName", "dbClusterIdentifier", "dbInstanceIdentifier"],
    ),
  },
  "aws:dynamodb/table:Table": {
    ...refusesDeletion("deletionProtectionEnabled", "the table"),
    replaces: of(
      "dynamodb_table",
      ...["hashKey", "rangeKey", "localSecondaryIndexes", "importTable"],
      ...["restoreSourceName", "restoreSourceTableArn", "restoreDateTime", "restoreToLatestTime"],
    ),
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    id: ({ inputs }) => text(inputs, "replicationGroupId") ?? mintId("replication-group"),
    outputs: ({ id }) => ({ replicationGroupId: id }),
    replaces: of("elasticache_replication_group", "subnetGroupName", "securityGroupNames"),
    updates: of("elasticache_replication_group", "replicasPerNodeGroup", "preferredCacheClusterAzs"),
  },
  "aws:elasticache/subnetGroup:SubnetGroup": { replaces: of("elasticache_subnet_group", "name") },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    replaces: of("elasticache_parameter_group", "name", "family", "description"),
  },
  "aws:appautoscaling/target:Target": {
    replaces: of("appautoscaling_target", "resourceId", "scalableDimension", "serviceNamespace"),
  },
};
