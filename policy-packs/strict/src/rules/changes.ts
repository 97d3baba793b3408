import { definePropertyRule, defineRule, openingsOf, type Rule } from "@groundplane/policy";

const approvedOpenings = defineRule({
  id: "approved-openings",
  title: "Every opening was approved",
  severity: "high",
  why: "A component takes any reason for loosening a safe default; in production someone says that it is a good one.",
  remedy:
    "Take the opening back, or exempt the resource: the exemption names who approved it, why, and until when.",
  source: "Operating manual, section 9, Ask First",
  appliesTo: ["aws:*"],
  examples: {
    passing: [{ type: "aws:ec2/eip:Eip", inputs: { tags: { Owner: "platform" } } }],
    failing: [
      { type: "aws:ec2/eip:Eip", inputs: { tags: { "Opening:public-ip": "a partner connects to it" } } },
    ],
  },
  check({ props }, report) {
    for (const { what, reason } of openingsOf(props)) report(`opens ${what}: ${String(reason)}`);
  },
});

/** How production changes, and what it takes to open it. */
export const changeRules: readonly Rule[] = [
  approvedOpenings,
  definePropertyRule({
    id: "codedeploy-rolls-back",
    title: "A deployment that fails goes back by itself",
    severity: "high",
    why: "Without it half of the machines stay on what does not work.",
    remedy: 'Set autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] }.',
    source: "Operating manual, section 4, Never Do 10; section 9, Never",
    types: ["aws:codedeploy/deploymentGroup:DeploymentGroup"],
    properties: ["autoRollbackConfiguration.enabled"],
    mustBe: "true",
    passing: {
      appName: "shop",
      deploymentGroupName: "prod",
      serviceRoleArn: "arn",
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    },
    failing: { appName: "shop", deploymentGroupName: "prod", serviceRoleArn: "arn" },
  }),
  definePropertyRule({
    id: "no-major-upgrade",
    title: "Major versions of databases are not upgraded in passing",
    severity: "high",
    why: "A major upgrade cannot be undone, and breaks queries.",
    remedy: "Leave allowMajorVersionUpgrade out; when an upgrade is meant, exempt the database for its day.",
    source: "AWS RDS guide, Upgrading a DB instance engine version",
    types: ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster"],
    properties: ["allowMajorVersionUpgrade"],
    mustBe: "not-true",
    passing: {
      instanceClass: "db.r8g.large",
      multiAz: true,
      deletionProtection: true,
      backupRetentionPeriod: 7,
      kmsKeyId: "arn",
    },
    failing: {
      instanceClass: "db.r8g.large",
      multiAz: true,
      deletionProtection: true,
      backupRetentionPeriod: 7,
      kmsKeyId: "arn",
      allowMajorVersionUpgrade: true,
    },
  }),
  definePropertyRule({
    id: "cloudfront-firewall",
    title: "Distributions have a web firewall",
    severity: "medium",
    why: "The first flood or probe reaches the application otherwise.",
    remedy: "Give webAclId.",
    source: "AWS FSBP CloudFront.6; cdk-nag AwsSolutions-CFR2",
    types: ["aws:cloudfront/distribution:Distribution"],
    properties: ["webAclId"],
    mustBe: "set",
    passing: { ...distribution(), webAclId: "arn" },
    failing: distribution(),
  }),
];

function distribution() {
  return {
    enabled: true,
    origins: [{ originId: "app", domainName: "app.example.com" }],
    defaultCacheBehavior: {
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      targetOriginId: "app",
      viewerProtocolPolicy: "redirect-to-https",
    },
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
  };
}
