import * as aws from "@pulumi/aws";

/**
 * What both sides deploy: one VPC, then subnets, security groups, log groups and encrypted parameters in turn.
 * Subnets and groups wait for the VPC, so the longest chain is two resources.
 *
 * @param count Resources in all, without the stack itself. @minimum 1 @maximum 1000 (the VPC has room for 250 subnets)
 */
export function declareResources(
  count: number,
  tags: Readonly<Record<string, string>>,
): { readonly vpcId: aws.ec2.Vpc["id"] } {
  const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { ...tags } });
  const kinds = [
    (index: number) =>
      new aws.ec2.Subnet(`subnet-${index}`, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${Math.floor(index / 4)}.0/24`,
        tags: { ...tags },
      }),
    (index: number) =>
      new aws.ec2.SecurityGroup(`group-${index}`, {
        vpcId: vpc.id,
        description: `Group ${index} of the benchmark`,
        tags: { ...tags },
      }),
    (index: number) =>
      new aws.cloudwatch.LogGroup(`log-${index}`, { retentionInDays: 30, tags: { ...tags } }),
    (index: number) =>
      new aws.ssm.Parameter(`parameter-${index}`, {
        type: "String",
        value: `value ${index}`,
        tags: { ...tags },
      }),
  ];
  for (let index = 0; index < count - 1; index += 1) kinds[index % kinds.length]?.(index);
  return { vpcId: vpc.id };
}

/** The tags that the baseline pack wants of every resource. */
export function benchTags(environment: string): Readonly<Record<string, string>> {
  return { Environment: environment, Project: "bench", Owner: "bench", ManagedBy: "groundplane" };
}
