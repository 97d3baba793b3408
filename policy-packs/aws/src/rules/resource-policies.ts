import { defineRule, type ExampleResource, type PropertyRead, type Rule, select } from "@groundplane/policy";
import { isEveryone, isLimited, type PolicyStatement, statementsOf } from "../documents/policy-statement.ts";
import { defineStatementRule } from "../documents/statement-rule.ts";

/** A service whose resources have policies of their own. */
interface Service {
  /** Begins the rules' names. */
  readonly id: string;
  /** In the plural. */
  readonly things: string;
  readonly documents: readonly [PropertyRead, ...PropertyRead[]];
  readonly source: string;
  /** An action of it, for the examples. */
  readonly action: string;
  /** Inputs of the first document's type, around its policy. */
  readonly example: (policy: string) => ExampleResource["inputs"];
  /** Set where the service also takes requests in plain text: who says that a policy must refuse them. */
  readonly plainTextSource?: string;
  /** Whether the refusal is asked for, or only remarked on. @default "advisory" */
  readonly tlsEnforcement?: "mandatory";
}

const SERVICES: readonly Service[] = [
  {
    id: "s3",
    things: "Buckets",
    documents: [
      { type: "aws:s3/bucketPolicy:BucketPolicy", property: "policy" },
      { type: "aws:s3/bucket:Bucket", property: "policy" },
      { type: "aws:s3/accessPoint:AccessPoint", property: "policy" },
    ],
    source: "AWS FSBP S3.2, S3.3; cdk-nag AwsSolutions-S2",
    action: "s3:GetObject",
    example: (policy) => ({ bucket: "data", policy }),
    tlsEnforcement: "mandatory",
    plainTextSource: "AWS FSBP S3.5; CIS AWS Foundations v3.0.0 2.1.1; cdk-nag AwsSolutions-S10",
  },
  {
    id: "sqs",
    things: "Queues",
    documents: [
      { type: "aws:sqs/queuePolicy:QueuePolicy", property: "policy" },
      { type: "aws:sqs/queue:Queue", property: "policy" },
    ],
    source: "AWS FSBP SQS.3",
    action: "sqs:SendMessage",
    example: (policy) => ({ queueUrl: "queue", policy }),
    plainTextSource: "AWS SQS guide, Security best practices; cdk-nag AwsSolutions-SQS4",
  },
  {
    id: "sns",
    things: "Topics",
    documents: [
      { type: "aws:sns/topicPolicy:TopicPolicy", property: "policy" },
      { type: "aws:sns/topic:Topic", property: "policy" },
    ],
    source: "AWS FSBP SNS.4",
    action: "sns:Publish",
    example: (policy) => ({ arn: "arn", policy }),
    plainTextSource: "AWS SNS guide, Security best practices; cdk-nag AwsSolutions-SNS3",
  },
  {
    id: "efs",
    things: "File systems",
    documents: [{ type: "aws:efs/fileSystemPolicy:FileSystemPolicy", property: "policy" }],
    source: "AWS EFS guide, Blocking public access",
    action: "elasticfilesystem:ClientMount",
    example: (policy) => ({ fileSystemId: "fs-1", policy }),
    plainTextSource: "AWS EFS guide, Encrypting data in transit",
  },
  {
    id: "kms",
    things: "Keys",
    documents: [
      { type: "aws:kms/key:Key", property: "policy" },
      { type: "aws:kms/keyPolicy:KeyPolicy", property: "policy" },
    ],
    source: "AWS FSBP KMS.5",
    action: "kms:Decrypt",
    example: (policy) => ({ enableKeyRotation: true, policy }),
  },
  {
    id: "secret",
    things: "Secrets",
    documents: [
      { type: "aws:secretsmanager/secretPolicy:SecretPolicy", property: "policy" },
      { type: "aws:secretsmanager/secret:Secret", property: "policy" },
    ],
    source: "AWS Secrets Manager guide, Resource-based policies",
    action: "secretsmanager:GetSecretValue",
    example: (policy) => ({ secretArn: "arn", blockPublicPolicy: true, policy }),
  },
  {
    id: "ecr",
    things: "Image repositories",
    documents: [{ type: "aws:ecr/repositoryPolicy:RepositoryPolicy", property: "policy" }],
    source: "AWS ECR guide, Private repository policies",
    action: "ecr:BatchGetImage",
    example: (policy) => ({ repository: "app", policy }),
  },
  {
    id: "opensearch",
    things: "Search domains",
    documents: [
      { type: "aws:opensearch/domainPolicy:DomainPolicy", property: "accessPolicies" },
      { type: "aws:opensearch/domain:Domain", property: "accessPolicies" },
    ],
    source: "cdk-nag AwsSolutions-OS3, AwsSolutions-OS5",
    action: "es:ESHttpGet",
    example: (policy) => ({ domainName: "search", accessPolicies: policy }),
  },
  {
    id: "event-bus",
    things: "Event buses",
    documents: [{ type: "aws:cloudwatch/eventBusPolicy:EventBusPolicy", property: "policy" }],
    source: "EventBridge guide, Permissions for event buses",
    action: "events:PutEvents",
    example: (policy) => ({ policy }),
  },
  {
    id: "backup-vault",
    things: "Backup vaults",
    documents: [{ type: "aws:backup/vaultPolicy:VaultPolicy", property: "policy" }],
    source: "AWS Backup guide, Access policies",
    action: "backup:CopyIntoBackupVault",
    example: (policy) => ({ backupVaultName: "daily", policy }),
  },
];

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (action: string, principal: string): object => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: action,
  Resource: "*",
});
const REFUSE_PLAIN_TEXT = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const ROLE = "arn:aws:iam::111122223333:role/app";

const notPublic = ({ id, things, documents, source, action, example }: Service): Rule => {
  const [{ type }] = documents;
  return defineStatementRule({
    id: `${id}-policy-not-public`,
    title: `${things} are not everyone's`,
    severity: "critical",
    why: "A policy that names everyone gives the rights to every AWS account, and often to no account at all.",
    remedy: "Name the principals, or tie * to an organization, an account or a resource by a condition.",
    source,
    documents,
    fault: (statement) =>
      statement.allows && namesEveryone(statement) && !isLimited(statement)
        ? `allows everyone ${[...statement.actions, ...statement.notActions.map((one) => `all but ${one}`)].join(", ")}`
        : undefined,
    examples: {
      passing: [{ type, inputs: example(document(REFUSE_PLAIN_TEXT, allow(action, ROLE))) }],
      failing: [{ type, inputs: example(document(REFUSE_PLAIN_TEXT, allow(action, "*"))) }],
    },
  });
};

const namesEveryone = ({ principals, notPrincipals }: PolicyStatement): boolean =>
  principals.some(isEveryone) || notPrincipals.length > 0;

const tlsOnly = (service: Service, source: string): Rule => {
  const { id, things, documents, action, example, tlsEnforcement = "advisory" } = service;
  const [{ type }] = documents;
  return defineRule({
    id: `${id}-tls-only`,
    title: `${things} refuse plain text`,
    severity: "medium",
    enforcement: tlsEnforcement,
    why: "The service also takes HTTP, and then everyone on the way reads along.",
    remedy: "Add a Deny for Principal * on Bool aws:SecureTransport false to the policy.",
    source,
    appliesTo: documents.map((each) => each.type),
    reads: documents,
    examples: {
      passing: [{ type, inputs: example(document(REFUSE_PLAIN_TEXT, allow(action, ROLE))) }],
      failing: [{ type, inputs: example(document(allow(action, ROLE))) }],
    },
    check(resource, report) {
      const property = documents.find((each) => each.type === resource.type)?.property ?? "policy";
      for (const ref of select(resource.props, property)) {
        const statements = statementsOf(ref);
        if (statements.length === 0 || statements.some(refusesPlainText)) continue;
        report(`${ref.path} refuses no request without TLS`);
      }
    },
  });
};

const refusesPlainText = ({ allows, principals, conditions }: PolicyStatement): boolean =>
  !allows &&
  principals.some(isEveryone) &&
  conditions.some(
    ({ operator, key, values }) =>
      operator.startsWith("bool") && key === "aws:securetransport" && values.includes("false"),
  );

/** Policies of resources: who may use them, and how they are spoken to. */
export const resourcePolicyRules: readonly Rule[] = SERVICES.flatMap((service) => [
  notPublic(service),
  ...(service.plainTextSource === undefined ? [] : [tlsOnly(service, service.plainTextSource)]),
]);
