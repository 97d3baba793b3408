import { defineRule, openingsOf } from "@groundplane/policy";

const VPC = "aws:ec2/vpc:Vpc";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

export const vpcFlowLogs = defineRule({
  id: "vpc-flow-logs",
  title: "Every VPC has a flow log",
  severity: "medium",
  why: "Who talked to whom can be known afterwards only if it was written down.",
  remedy: "Make an aws.ec2.FlowLog in the VPC's stack.",
  source: "AWS FSBP EC2.6; CIS AWS Foundations v3.0.0 3.7; cdk-nag AwsSolutions-VPC7",
  appliesTo: "stack",
  reads: [{ type: FLOW_LOG, property: "vpcId" }],
  examples: {
    passing: [
      { type: VPC, inputs: { cidrBlock: "10.0.0.0/16" } },
      {
        type: FLOW_LOG,
        inputs: { vpcId: "vpc-1", logDestinationType: "s3", logDestination: "arn", trafficType: "ALL" },
      },
    ],
    failing: [{ type: VPC, inputs: { cidrBlock: "10.0.0.0/16" } }],
  },
  check({ resources }, report) {
    const vpcs = resources.filter(({ type, props }) => type === VPC && !saysNoFlowLogs(props));
    // A VPC's id is not among its inputs, so which log is whose cannot be told: they are counted.
    const logs = resources.filter(({ type, props }) => type === FLOW_LOG && "vpcId" in props);
    if (logs.length >= vpcs.length) return;
    for (const { urn } of vpcs)
      report(`the stack has ${count(vpcs.length, "VPC")} and ${count(logs.length, "flow log")} of VPCs`, {
        urn,
      });
  },
});

const saysNoFlowLogs = (props: Parameters<typeof openingsOf>[0]): boolean =>
  openingsOf(props).some(({ what }) => what === "no-flow-logs");

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;
