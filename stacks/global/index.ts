import {
  AccountGuardrails,
  AlertTopic,
  AuditTrail,
  Budget,
  DeployRole,
  PermissionBoundary,
  StateBackend,
} from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

/** What deployments of the reference stacks use, and no more. */
const SERVICES = [
  "acm",
  "application-autoscaling",
  "autoscaling",
  "cloudwatch",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "elasticfilesystem",
  "elasticloadbalancing",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "scheduler",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "sts",
  "synthetics",
];

/** What the account of an environment has once: where states are, who deploys, what is recorded, spent and forbidden. */
export default defineStack({
  name: "global",
  config: z.object({
    preset: z.enum(["dev", "staging", "prod"]),
    /** Where deployments may make something, and what the guardrails cover. */
    regions: z.array(z.string()).min(1),
    /** On GitHub: its environment of this one's name deploys. */
    repository: z.string(),
    monthlyUsd: z.number().positive(),
    /** Told of alarms, of the budget and of anomalies. */
    alertEmails: z.array(z.string()).min(1),
    /** `false`, in a deployment of its own, before the stack is destroyed: until then state and audit trail are protected. */
    protect: z.boolean().default(true),
  }),
  outputs: z.object({
    stateBucket: z.string(),
    stateKeyId: z.string(),
    deployRoleArn: z.string(),
    /** For `onEveryRole`: deployments make roles under it only. */
    boundaryArn: z.string(),
    auditLogGroup: z.string(),
  }),
  program: ({ config, environment, tags }) => {
    const { preset, regions } = config;
    // Where it is not taken off, each component's own default says what is protected.
    const protection = config.protect ? {} : { protect: false };
    const state = new StateBackend("state", { ...protection, tags });
    const boundary = new PermissionBoundary("deployers", {
      services: SERVICES,
      regions,
      outsideRoles: ["admin-*", "break-glass-*"],
      tags,
    });
    const deployer = new DeployRole("deployer", {
      subjects: [{ repository: config.repository, environment }],
      permissionsBoundary: boundary,
      statements: state.deployStatements(),
      // What the boundary allows, and no more.
      managedPolicies: { deployments: boundary.policyArn },
      tags,
    });
    const topic = new AlertTopic("account-alerts", {
      preset,
      subscriptions: Object.fromEntries(config.alertEmails.map((email, at) => [`mail-${at + 1}`, { email }])),
      tags,
    });
    const audit = new AuditTrail("audit", { preset, ...protection, alarms: { topic }, tags });
    new Budget("spending", { monthlyUsd: config.monthlyUsd, topic, tags });
    new AccountGuardrails("guardrails", { preset, regions, tags });
    return {
      stateBucket: state.bucketName,
      stateKeyId: state.keyId,
      deployRoleArn: deployer.roleArn,
      boundaryArn: boundary.policyArn,
      auditLogGroup: audit.logGroupName,
    };
  },
});
