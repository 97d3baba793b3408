import { defineRule, type ExampleResource, type Rule } from "@groundplane/policy";

interface RetiredType {
  readonly id: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high";
  readonly why: string;
  readonly remedy: string;
  readonly source: string;
  readonly types: readonly string[];
  readonly passing: ExampleResource;
  readonly failing: ExampleResource;
}

const ROLE_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});
const role: ExampleResource = { type: "aws:iam/role:Role", inputs: { assumeRolePolicy: ROLE_TRUST } };

/** Types that nobody should make any more. */
const RETIRED: readonly RetiredType[] = [
  {
    id: "no-launch-configuration",
    title: "No launch configurations",
    severity: "medium",
    why: "They get no new features, and new accounts cannot make them.",
    remedy: "Use aws.ec2.LaunchTemplate.",
    source: "AWS FSBP AutoScaling.9",
    types: ["aws:ec2/launchConfiguration:LaunchConfiguration"],
    passing: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      inputs: { imageId: "ami-1", metadataOptions: { httpTokens: "required" } },
    },
    failing: {
      type: "aws:ec2/launchConfiguration:LaunchConfiguration",
      inputs: { imageId: "ami-1", instanceType: "t4g.small" },
    },
  },
  {
    id: "no-classic-load-balancer",
    title: "No classic load balancers",
    severity: "medium",
    why: "They are the previous generation: no redirects, no WAF, older TLS.",
    remedy: "Use aws.lb.LoadBalancer.",
    source: "Elastic Load Balancing guide, Migrate your Classic Load Balancer",
    types: ["aws:elb/loadBalancer:LoadBalancer"],
    passing: {
      type: "aws:lb/targetGroup:TargetGroup",
      inputs: { port: 80, protocol: "HTTP", vpcId: "vpc-1" },
    },
    failing: {
      type: "aws:elb/loadBalancer:LoadBalancer",
      inputs: { listeners: [{ instancePort: 80, instanceProtocol: "http", lbPort: 80, lbProtocol: "http" }] },
    },
  },
  {
    id: "no-default-vpc",
    title: "The default VPC is not used",
    severity: "medium",
    why: "All its subnets are public, and its addresses collide with those of every other account.",
    remedy: "Make a VPC of your own.",
    source: "Amazon VPC user guide, Default VPCs",
    types: ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet"],
    passing: { type: "aws:ec2/subnet:Subnet", inputs: { vpcId: "vpc-1", cidrBlock: "10.0.1.0/24" } },
    failing: { type: "aws:ec2/defaultVpc:DefaultVpc", inputs: {} },
  },
  {
    id: "no-access-key",
    title: "No long-lived access keys",
    severity: "high",
    why: "A key stands in the state, in files and in environments, and works until someone remembers it.",
    remedy: "Give the workload a role; people sign in through IAM Identity Center, pipelines through OIDC.",
    source: "Operating manual, section 4, Never Do 1; CIS AWS Foundations v3.0.0 1.11, 1.13, 1.14",
    types: ["aws:iam/accessKey:AccessKey", "aws:iam/serviceSpecificCredential:ServiceSpecificCredential"],
    passing: role,
    failing: { type: "aws:iam/accessKey:AccessKey", inputs: { user: "ci" } },
  },
  {
    id: "no-user-policy",
    title: "Users have no policies of their own",
    severity: "medium",
    why: "Rights that are given one by one are never taken back one by one.",
    remedy: "Attach the policy to a group or a role.",
    source: "AWS FSBP IAM.2; CIS AWS Foundations v3.0.0 1.15",
    types: ["aws:iam/userPolicy:UserPolicy", "aws:iam/userPolicyAttachment:UserPolicyAttachment"],
    passing: role,
    failing: {
      type: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      inputs: { user: "anna", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    },
  },
  {
    id: "no-console-password",
    title: "Nobody gets a console password from a program",
    severity: "high",
    why: "The password is in the state, and outlives whoever it was made for.",
    remedy: "Let people sign in through IAM Identity Center.",
    source: "IAM user guide, Security best practices; CIS AWS Foundations v3.0.0 1.11",
    types: ["aws:iam/userLoginProfile:UserLoginProfile"],
    passing: role,
    failing: { type: "aws:iam/userLoginProfile:UserLoginProfile", inputs: { user: "anna" } },
  },
  {
    id: "no-s3-website",
    title: "Buckets serve no websites",
    severity: "medium",
    why: "An S3 website speaks HTTP only, and asks for a public bucket.",
    remedy: "Put CloudFront with an origin access control before the bucket.",
    source: "cdk-nag AwsSolutions-S5",
    types: ["aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration"],
    passing: {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      inputs: { bucket: "site", versioningConfiguration: { status: "Enabled" } },
    },
    failing: {
      type: "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
      inputs: { bucket: "site", indexDocument: { suffix: "index.html" } },
    },
  },
];

export const retiredTypeRules: readonly Rule[] = RETIRED.map(({ types, passing, failing, ...text }) =>
  defineRule({
    ...text,
    appliesTo: types,
    reads: [],
    examples: { passing: [passing], failing: [failing] },
    check({ type }, report) {
      report(`is a ${type}`);
    },
  }),
);
