import type {
  ChangeSet,
  Finding,
  JsonValue,
  PlannedResource,
  PropertyChange,
  ResourceChange,
  RunRecord,
} from "@groundplane/contracts";

const SECRET = { $groundplane: "secret" };
const UNKNOWN = { $groundplane: "unknown" };
const STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";

const urnOf = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;
const WEB = urnOf("acme:index:WebService", "web");
const DATA = urnOf("acme:index:Database", "orders");

export const update = (
  path: string,
  before: JsonValue,
  after: JsonValue,
  replaces = false,
): PropertyChange => ({
  path,
  kind: "update",
  before,
  after,
  replaces,
});
export const add = (path: string, after: JsonValue): PropertyChange => ({
  path,
  kind: "add",
  after,
  replaces: false,
});
const drop = (path: string, before: JsonValue): PropertyChange => ({
  path,
  kind: "delete",
  before,
  replaces: false,
});

export function change(
  operation: ResourceChange["operation"],
  type: string,
  name: string,
  properties: readonly PropertyChange[],
  more: Partial<ResourceChange> = {},
): ResourceChange {
  return {
    urn: urnOf(type, name),
    type,
    name,
    operation,
    parent: STACK,
    protect: false,
    holdsData: false,
    properties: [...properties],
    ...(operation === "create" ? {} : { id: `${name}-0a1b2c3d` }),
    ...more,
  };
}

const policy = (actions: readonly string[], bucket: string, sid = "ReadAssets") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "Logs", Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
      { Sid: sid, Effect: "Allow", Action: actions, Resource: `arn:aws:s3:::${bucket}/*` },
      { Sid: "Metrics", Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*" },
    ],
  });

const TAGS = { Environment: "prod", ManagedBy: "groundplane", Owner: "shop", Project: "shop" };

const CHANGES: readonly ResourceChange[] = [
  change(
    "replace",
    "aws:rds/instance:Instance",
    "orders-db",
    [
      update("storageEncrypted", true, false, true),
      update("engineVersion", "15.7", "16.4"),
      update("deletionProtection", true, false),
      update("password", SECRET, SECRET),
      update("endpoint", "orders.c1x.eu-central-1.rds.amazonaws.com:5432", UNKNOWN),
    ],
    { parent: DATA, holdsData: true },
  ),
  change("delete", "aws:s3/bucket:Bucket", "uploads", [], { holdsData: true }),
  change("delete", "aws:dynamodb/table:Table", "carts", [], { holdsData: true }),
  change("delete", "aws:kms/key:Key", "archive-key", [], { holdsData: true, protect: true }),
  change("delete", "aws:ec2/securityGroupRule:SecurityGroupRule", "old-bastion", []),
  change(
    "replace",
    "aws:lb/targetGroup:TargetGroup",
    "web-targets",
    [update("port", 8080, 8443, true), update("protocol", "HTTP", "HTTPS", true)],
    { parent: WEB },
  ),
  change(
    "update",
    "aws:iam/rolePolicy:RolePolicy",
    "web-policy",
    [
      update(
        "policy",
        policy(["s3:GetObject"], "shop-assets"),
        policy(["s3:GetObject", "s3:DeleteObject"], "*"),
      ),
    ],
    { parent: WEB },
  ),
  change(
    "update",
    "aws:ec2/securityGroup:SecurityGroup",
    "web-sg",
    [
      update("ingress[0].cidrBlocks[0]", "10.48.0.0/16", "0.0.0.0/0"),
      add('tags["Opening:ingress"]', "partner smoke test until December"),
    ],
    { parent: WEB },
  ),
  change(
    "update",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "web-template",
    [
      update(
        "userData",
        `#!/bin/sh\nset -eu\n${Array.from({ length: 30 }, (_, line) => `echo "step ${line}"`).join("\n")}\nsystemctl start web\n`,
        `#!/bin/sh\nset -eu\n${Array.from({ length: 30 }, (_, line) => `echo "step ${line}"`).join("\n")}\nsystemctl restart web \n`,
      ),
      drop("keyName", "ops-2023"),
      update("imageId", "ami-0f3c9c466bb525749", "ami-0a485299eeb98b979"),
    ],
    { parent: WEB },
  ),
  change(
    "create",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "web-5xx",
    [
      add("alarmActions", ["arn:aws:sns:eu-central-1:123456789012:pages"]),
      add("comparisonOperator", "GreaterThanThreshold"),
      add("__defaults", ["name"]),
      add("dimensions", { LoadBalancer: UNKNOWN, TargetGroup: UNKNOWN }),
      add("tags", { ...TAGS, Name: "web-5xx" }),
      add("threshold", 25),
    ],
    { parent: WEB },
  ),
  ...Array.from({ length: 12 }, (_, index) =>
    change(
      "create",
      "aws:ec2/subnet:Subnet",
      `private-${index}`,
      [
        add("__defaults", []),
        add("availabilityZone", `eu-central-1${"abc"[index % 3]}`),
        add("cidrBlock", `10.48.${index}.0/24`),
        add("tags", { ...TAGS, Name: `private-${index}` }),
        add("vpcId", UNKNOWN),
      ],
      { parent: WEB },
    ),
  ),
  change("import", "aws:route53/zone:Zone", "shop-example", [add("name", "shop.example")]),
  change("forget", "aws:sns/topic:Topic", "legacy-events", []),
  change("read", "aws:ec2/vpc:Vpc", "shared", []),
  change("create", "acme:index:WebService", "web", [], { urn: WEB }),
];

const plannedOf = (resource: ResourceChange): PlannedResource => ({
  urn: resource.urn,
  type: resource.type,
  name: resource.name,
  operation: resource.operation,
  custom: !resource.type.startsWith("acme:"),
  ...(resource.parent === undefined ? {} : { parent: resource.parent }),
  inputs:
    resource.name === "web-sg"
      ? {
          ingress: [{ cidrBlocks: ["0.0.0.0/0"], fromPort: 443, toPort: 443, protocol: "tcp" }],
          tags: { ...TAGS, "Opening:ingress": "partner smoke test until December" },
        }
      : Object.fromEntries(resource.properties.map(({ path, after }) => [path, after ?? null])),
});

function countsOf(changes: readonly ResourceChange[]): ChangeSet["counts"] {
  const counts: ChangeSet["counts"] = { same: 41 };
  for (const { operation } of changes) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

export function changeSetOf(changes: readonly ResourceChange[], more: Partial<ChangeSet> = {}): ChangeSet {
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "acme-shop",
    stack: "shop",
    environment: "prod",
    operation: "update",
    counts: countsOf(changes),
    changes: [...changes].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    planned: [
      ...changes.filter(({ operation }) => operation !== "delete" && operation !== "forget").map(plannedOf),
      {
        urn: DATA,
        type: "acme:index:Database",
        name: "orders",
        operation: "same",
        custom: false,
        parent: STACK,
        inputs: {},
      },
      {
        urn: STACK,
        type: "pulumi:pulumi:Stack",
        name: "shop-prod",
        operation: "same",
        custom: false,
        inputs: {},
      },
    ],
    outputs: [
      update("databaseEndpoint", "orders.c1x.eu-central-1.rds.amazonaws.com:5432", UNKNOWN),
      add("zoneId", "Z0423TESTZONE"),
    ],
    ...more,
  };
}

export const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: "no-open-ingress",
  title: "Nothing is open to the whole internet",
  severity: "critical",
  enforcement: "mandatory",
  status: "violation",
  urn: urnOf("aws:ec2/securityGroup:SecurityGroup", "web-sg"),
  message: "ingress[0] opens tcp port 443 to 0.0.0.0/0",
  remedy: "Name the networks that need it in cidrBlocks.",
  source: "Operating manual, section 9, Never; AWS FSBP EC2.18",
  pack: { name: "groundplane-baseline", version: "0.1.0" },
  foundBy: "change-set",
  ...more,
});

const FINDINGS: readonly Finding[] = [
  finding(),
  finding({
    rule: "data-loss",
    title: "What holds data is not deleted or replaced on a plain approval",
    urn: urnOf("aws:dynamodb/table:Table", "carts"),
    message: "the change would delete carts (aws:dynamodb/table:Table) and lose a table",
    remedy: "Keep the resource, or confirm by name that the loss is meant.",
    pack: { name: "groundplane", version: "1" },
    foundBy: "data-guard",
  }),
  ...["private-0", "private-1", "private-2"].map((name) =>
    finding({
      rule: "owner-tag",
      title: "Everything has an owner",
      severity: "medium",
      status: "not-evaluated",
      urn: urnOf("aws:ec2/subnet:Subnet", name),
      message: "cannot be evaluated: tags.Owner is known only after the change is made",
      remedy: `Give ${name} an owner that is known at preview.`,
    }),
  ),
  finding({
    rule: "data-loss",
    title: "What holds data is not deleted or replaced on a plain approval",
    status: "exempted",
    urn: urnOf("aws:s3/bucket:Bucket", "uploads"),
    message:
      "the change would delete uploads (aws:s3/bucket:Bucket) and lose objects in a bucket; confirmed by name",
    foundBy: "data-guard",
  }),
  finding({
    rule: "alarm-runbook",
    title: "An alarm links its runbook",
    severity: "low",
    enforcement: "advisory",
    urn: urnOf("aws:cloudwatch/metricAlarm:MetricAlarm", "web-5xx"),
    message: "web-5xx names no runbook",
    remedy: "Put its address in alarmDescription.",
  }),
];

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;
export const DIGEST = hash("d");

/** A deployment to a protected, real environment that waits for two of a group. */
export function waitingRun(more: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: "groundplane.dev/run/v1",
    id: "run-20261121-093015-x1y2z3",
    project: "acme-shop",
    stack: "shop",
    environment: "prod",
    operation: "deploy",
    sandbox: false,
    state: "WAIT_FOR_APPROVE",
    requester: "ada",
    createdAt: "2026-11-21T09:30:15.000Z",
    updatedAt: "2026-11-21T09:34:02.500Z",
    timeline: [
      { state: "PENDING", at: "2026-11-21T09:30:15.000Z" },
      { state: "IN_PROGRESS", at: "2026-11-21T09:30:15.120Z" },
      { state: "VALIDATING", at: "2026-11-21T09:30:41.000Z" },
      { state: "READY_FOR_APPLY", at: "2026-11-21T09:30:48.000Z" },
      { state: "WAIT_FOR_APPROVE", at: "2026-11-21T09:30:48.010Z" },
    ],
    counts: countsOf(CHANGES),
    findings: FINDINGS.filter(
      ({ status, enforcement }) => status === "exempted" || enforcement === "advisory",
    ),
    digest: {
      digest: DIGEST,
      parts: {
        operation: hash("0"),
        changeSet: hash("1"),
        plan: hash("2"),
        state: hash("3"),
        config: hash("4"),
        environment: hash("5"),
        program: hash("6"),
        dependencies: hash("7"),
        policyPacks: hash("8"),
        providers: hash("9"),
        engine: hash("a"),
      },
    },
    approvalRule: {
      type: "group",
      members: ["ada", "grace", "linus"],
      count: 2,
      requesterCounts: false,
      expiresAfterMinutes: 480,
    },
    decisions: [
      {
        by: "grace",
        verdict: "approve",
        digest: DIGEST,
        at: "2026-11-21T09:34:02.500Z",
        comment: "Read the policy; the smoke test is mine.",
      },
    ],
    approvalsMissing: 1,
    expiresAt: "2026-11-21T17:30:48.000Z",
    confirmed: [urnOf("aws:s3/bucket:Bucket", "uploads")],
    artifacts: {},
    ...more,
  };
}

/** The same deployment, stopped by its findings. */
export function blockedRun(more: Partial<RunRecord> = {}): RunRecord {
  const {
    digest: _digest,
    expiresAt: _expiresAt,
    ...run
  } = waitingRun({
    state: "BLOCKED",
    timeline: [
      { state: "PENDING", at: "2026-11-21T09:30:15.000Z" },
      { state: "IN_PROGRESS", at: "2026-11-21T09:30:15.120Z" },
      { state: "VALIDATING", at: "2026-11-21T09:30:41.000Z" },
      { state: "BLOCKED", at: "2026-11-21T09:30:48.000Z" },
    ],
    findings: [...FINDINGS],
    decisions: [],
    approvalsMissing: 0,
  });
  return { ...run, ...more };
}

export const changeSet = changeSetOf(CHANGES);
/** Without the losses that nobody confirmed. */
export const approvableChangeSet = changeSetOf(
  CHANGES.filter(({ name }) => !["carts", "archive-key", "orders-db"].includes(name)),
);
export const environment = { protected: true, strict: true };
export const stacks = [
  { name: "global", dependsOn: [] },
  { name: "network", dependsOn: ["global"] },
  { name: "secrets", dependsOn: ["global"] },
  { name: "shop", dependsOn: ["network", "secrets"] },
  { name: "monitoring", dependsOn: ["shop", "network"] },
  { name: "unrelated", dependsOn: [] },
];
