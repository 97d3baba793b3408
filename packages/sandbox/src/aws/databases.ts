import { mintId } from "../marks.ts";
import type { TypeRule } from "../provider/cloud.ts";
import { refusal } from "../provider/refusal.ts";
import type { Properties } from "../wire/sentinel.ts";
import { keep, objects, text } from "./inputs.ts";

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

const cluster: TypeRule = {
  ...refusesDeletion("deletionProtection", "the cluster"),
  id: ({ inputs }) => text(inputs, "clusterIdentifier") ?? mintId("cluster"),
  outputs: (context) => ({
    clusterIdentifier: context.id,
    // RDS keeps the password in a secret of its own.
    masterUserSecrets:
      context.inputs["manageMasterUserPassword"] === true
        ? keep(context.previous, "masterUserSecrets", () => [
            {
              kmsKeyId: text(context.inputs, "masterUserSecretKmsKeyId") ?? "",
              secretArn: `arn:aws:secretsmanager:${context.settings.region}:${context.settings.account}:secret:rds!${mintId("cluster")}`,
              secretStatus: "active",
            },
          ])
        : [],
  }),
  companions: (_context, outputs: Properties) =>
    objects(outputs, "masterUserSecrets").flatMap((secret) => {
      const arn = text(secret, "secretArn");
      return arn === undefined
        ? []
        : [{ type: "aws:secretsmanager/secret:Secret", id: arn, outputs: { arn } }];
    }),
  replaces: of("rds_cluster", "clusterIdentifierPrefix", "engine", "masterUsername", "restoreToPointInTime"),
};

/** Databases, tables and caches. */
export const databaseRules: Readonly<Record<string, TypeRule>> = {
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/clusterInstance:ClusterInstance": {
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
