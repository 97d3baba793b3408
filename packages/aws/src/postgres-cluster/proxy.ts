import * as aws from "@pulumi/aws";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import { allowPeer, createPeerSecurityGroup } from "../network/peer-access.ts";
import { databaseUserArn } from "../postgres/login-statements.ts";
import type { PostgresClusterArgs, PostgresProxyArgs } from "./postgres-cluster-args.ts";

/** The resources of a cluster's proxy. */
export interface PostgresProxy {
  readonly proxy: aws.rds.Proxy;
  readonly role: aws.iam.Role;
  readonly securityGroup: aws.ec2.SecurityGroup;
}

/** A proxy listens on the engine's usual port, whatever the cluster's is. */
export const PROXY_PORT = 5432;

/**
 * A proxy that logs in to the cluster as the database user that its client logged in as, by IAM both times: no
 * password is kept anywhere.
 */
export function createProxy(
  context: ComponentContext,
  args: PostgresClusterArgs,
  { maxConnectionsPercent = 90, idleClientSeconds = 1800 }: PostgresProxyArgs,
  parts: {
    readonly account: CallerAccount;
    readonly cluster: aws.rds.Cluster;
    readonly clusterSecurityGroup: aws.ec2.SecurityGroup;
    readonly port: number;
    readonly instances: readonly aws.rds.ClusterInstance[];
  },
): PostgresProxy {
  const { cluster, clusterSecurityGroup, port } = parts;
  const securityGroup = createPeerSecurityGroup(context, {
    role: "proxy-access",
    description: "Who may connect to the proxy of a PostgreSQL cluster",
    vpcId: args.network.vpcId,
    port: PROXY_PORT,
    peers: args.allowFrom ?? {},
  });
  allowPeer(context, {
    role: "access-from-own-proxy",
    group: clusterSecurityGroup,
    port,
    from: securityGroup.id,
    peer: "the proxy",
  });
  allowOut(context, securityGroup, clusterSecurityGroup, port);
  const role = createRole(context, parts.account, cluster);
  const proxy = new aws.rds.Proxy(
    context.child("proxy"),
    {
      engineFamily: "POSTGRESQL",
      defaultAuthScheme: "IAM_AUTH",
      roleArn: role.arn,
      requireTls: true,
      idleClientTimeout: idleClientSeconds,
      vpcSubnetIds: args.subnetIds ?? args.network.isolatedSubnetIds,
      vpcSecurityGroupIds: [securityGroup.id],
      tags: context.tags("proxy"),
    },
    context.options(),
  );
  const targets = new aws.rds.ProxyDefaultTargetGroup(
    context.child("proxy-targets"),
    { dbProxyName: proxy.name, connectionPoolConfig: { maxConnectionsPercent } },
    context.options(),
  );
  new aws.rds.ProxyTarget(
    context.child("proxy-target"),
    { dbProxyName: proxy.name, targetGroupName: targets.name, dbClusterIdentifier: cluster.id },
    // A proxy takes no cluster that has no instance yet.
    context.options({ dependsOn: [...parts.instances] }),
  );
  return { proxy, role, securityGroup };
}

function allowOut(
  context: ComponentContext,
  from: aws.ec2.SecurityGroup,
  to: aws.ec2.SecurityGroup,
  port: number,
): void {
  const role = "proxy-access-to-cluster";
  new aws.vpc.SecurityGroupEgressRule(
    context.child(role),
    {
      securityGroupId: from.id,
      description: "To the cluster",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: to.id,
      tags: context.tags(role),
    },
    context.options(),
  );
}

function createRole(
  context: ComponentContext,
  { accountId }: CallerAccount,
  cluster: aws.rds.Cluster,
): aws.iam.Role {
  const role = new aws.iam.Role(
    context.child("proxy-role"),
    {
      description: `Lets the proxy of the PostgreSQL cluster ${context.name} log in to it`,
      assumeRolePolicy: policyDocument([
        serviceTrust("rds.amazonaws.com", { StringEquals: { "aws:SourceAccount": accountId } }),
      ]),
      tags: context.tags("proxy-role"),
    },
    context.options(),
  );
  new aws.iam.RolePolicy(
    context.child("proxy-policy"),
    {
      role: role.id,
      policy: policyDocument([
        {
          actions: ["rds-db:connect"],
          resources: [databaseUserArn(cluster.arn, cluster.clusterResourceId, "*")],
        },
      ]),
    },
    context.options(),
  );
  return role;
}
