import type { Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Lets clients of this stack connect to what other stacks made, one rule for each pair. */
export function letIn(
  clients: Readonly<Record<string, pulumi.Input<string>>>,
  servers: Readonly<Record<string, { readonly securityGroupId: string; readonly port: number }>>,
  tags: Tags,
): void {
  for (const [client, referencedSecurityGroupId] of Object.entries(clients)) {
    for (const [server, { securityGroupId, port }] of Object.entries(servers)) {
      const name = `${client}-to-${server}`;
      new aws.vpc.SecurityGroupIngressRule(name, {
        securityGroupId,
        referencedSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: `${client} of the stack app`,
        tags: { ...tags, Name: name },
      });
    }
  }
}
