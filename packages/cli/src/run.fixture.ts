import type {
  ChangeSet,
  DriftReport,
  Finding,
  OutputsArtifact,
  PendingReport,
  RunRecord,
  RunState,
  StateBackup,
} from "@groundplane/contracts";
import type { ReturnPointSummary } from "@groundplane/orchestrator";
import { runRecord as appliedRun } from "../../../test/run-record.ts";

export const RUN_ID = "run-20261121-051229-abc123";
export const OTHER_RUN_ID = "run-20261120-101112-def456";
export const SHA = `sha256:${"a".repeat(64)}`;
export const VPC_URN = "urn:pulumi:dev::network::groundplane:aws:Vpc$aws:ec2/vpc:Vpc::main-vpc";
export const BUCKET_URN = "urn:pulumi:dev::network::aws:s3/bucket:Bucket::logs";

export function timeline(...states: readonly RunState[]): RunRecord["timeline"] {
  return states.map((state, index) => ({ state, at: `2026-11-21T05:12:${29 + index}.000Z` }));
}

/** A deployment of dev/network by ada that was applied, changed as given. */
export function runRecord(change: Partial<RunRecord> = {}): RunRecord {
  return appliedRun({
    id: RUN_ID,
    createdAt: "2026-11-21T05:12:29.000Z",
    updatedAt: "2026-11-21T05:12:41.300Z",
    timeline: timeline(
      "PENDING",
      "IN_PROGRESS",
      "VALIDATING",
      "READY_FOR_APPLY",
      "WAIT_FOR_APPROVE",
      "APPLYING",
      "DONE",
    ),
    counts: { create: 3, same: 1 },
    ...change,
  });
}

/** The same, waiting for someone other than ada. */
export function waitingRun(change: Partial<RunRecord> = {}): RunRecord {
  const { outcome: _outcome, ...run } = runRecord();
  return {
    ...run,
    environment: "prod",
    state: "WAIT_FOR_APPROVE",
    timeline: timeline("PENDING", "IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "WAIT_FOR_APPROVE"),
    approvalRule: { type: "other-person", expiresAfterMinutes: 60 },
    approvalsMissing: 1,
    expiresAt: "2026-11-21T06:12:33.000Z",
    digest: { digest: SHA, parts: partsOfDigest() },
    ...change,
  };
}

function partsOfDigest() {
  return {
    ...{ operation: SHA, changeSet: SHA, plan: SHA, state: SHA, config: SHA, environment: SHA },
    ...{ program: SHA, dependencies: SHA, policyPacks: SHA, providers: SHA, engine: SHA },
  };
}

export function finding(change: Partial<Finding> = {}): Finding {
  return {
    rule: "no-open-ingress",
    title: "No open ingress",
    severity: "high",
    enforcement: "mandatory",
    status: "violation",
    urn: "urn:pulumi:dev::network::aws:ec2/securityGroup:SecurityGroup::web",
    message: "ingress[0] lets 0.0.0.0/0 reach port 22.",
    remedy: "Name the networks that need it.",
    source: "manual, section 4",
    pack: { name: "@groundplane/policy-baseline", version: "0.1.0" },
    foundBy: "change-set",
    ...change,
  };
}

/** A create, an update, a replacement that loses data and a protected delete. */
export function changeSet(change: Partial<ChangeSet> = {}): ChangeSet {
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "shop",
    stack: "network",
    environment: "dev",
    operation: "update",
    counts: { create: 1, update: 1, replace: 1, delete: 1, same: 4 },
    changes: [
      {
        ...{ urn: VPC_URN, type: "aws:ec2/vpc:Vpc", name: "main-vpc", operation: "create" },
        ...{ protect: false, holdsData: false },
        properties: [
          { path: "cidrBlock", kind: "add", after: "10.0.0.0/16", replaces: false },
          { path: "id", kind: "add", after: { $groundplane: "unknown" }, replaces: false },
        ],
      },
      {
        ...{
          urn: "urn:pulumi:dev::network::aws:ec2/subnet:Subnet::a",
          type: "aws:ec2/subnet:Subnet",
          name: "a",
        },
        ...{ operation: "update", protect: false, holdsData: false },
        properties: [
          { path: "tags.Owner", kind: "update", before: "ada", after: "grace", replaces: false },
          { path: "tags.Note", kind: "delete", before: "old", replaces: false },
          { path: "tags.Token", kind: "add", after: { $groundplane: "secret" }, replaces: false },
        ],
      },
      {
        ...{ urn: BUCKET_URN, type: "aws:s3/bucket:Bucket", name: "logs", operation: "replace" },
        ...{ protect: false, holdsData: true },
        properties: [{ path: "bucket", kind: "update", before: "logs-1", after: "logs-2", replaces: true }],
      },
      {
        ...{ urn: "urn:pulumi:dev::network::aws:kms/key:Key::old", type: "aws:kms/key:Key", name: "old" },
        ...{ operation: "delete", protect: true, holdsData: true, properties: [] },
      },
    ],
    planned: [],
    outputs: [{ path: "vpcId", kind: "add", after: { $groundplane: "unknown" }, replaces: false }],
    ...change,
  };
}

export function outputsArtifact(): OutputsArtifact {
  return {
    schema: "groundplane.dev/outputs/v1",
    project: "shop",
    stack: "network",
    environment: "dev",
    sandbox: true,
    version: 2,
    run: RUN_ID,
    exportedAt: "2026-11-21T05:12:40.000Z",
    values: { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] },
    secrets: { token: { reference: "pulumi://shop/dev/token" } },
    contentDigest: SHA,
  };
}

/** A report of drift: one property changed, one resource missing and ignored. */
export function driftReport(more: Partial<DriftReport> = {}): DriftReport {
  return {
    schema: "groundplane.dev/drift/v1",
    project: "shop",
    stack: "network",
    environment: "dev",
    sandbox: true,
    checkedAt: "2026-11-21T09:30:15.000Z",
    state: SHA,
    checked: 3,
    items: [
      {
        ...{ urn: "urn:pulumi:dev::network::aws:ec2/vpc:Vpc::main", type: "aws:ec2/vpc:Vpc", name: "main" },
        kind: "changed",
        properties: [{ path: "tags.Team", kind: "update", before: "ada", after: "eve\u001b[31m" }],
      },
      {
        ...{ urn: "urn:pulumi:dev::network::aws:ec2/eip:Eip::nat", type: "aws:ec2/eip:Eip", name: "nat" },
        kind: "missing",
        properties: [],
        ignoredBy: { resource: "*::nat", reason: "given back on purpose", who: "ada", until: "2026-12-31" },
      },
    ],
    expiredIgnores: [],
    caveats: [],
    ...more,
  };
}

/** A run that can be returned to: it stands not now, and is intact. */
export function returnPoint(change: Partial<ReturnPointSummary> = {}): ReturnPointSummary {
  return {
    run: RUN_ID,
    operation: "deploy",
    outcome: "applied",
    at: "2026-11-21T05:12:41.300Z",
    requester: "ada",
    counts: { create: 3 },
    missing: [],
    stands: false,
    next: false,
    ...change,
  };
}

/** The two states of one run; that after it was harmed. */
export function stateBackups(): readonly StateBackup[] {
  const about = { run: RUN_ID, stack: "network", environment: "dev", fence: 3, sha256: SHA } as const;
  return [
    {
      ...{ ...about, moment: "after", keptAt: "2026-11-21T05:12:41.000Z" },
      ...{ intact: false, problem: "the file is gone or was changed" },
    },
    {
      ...{ ...about, moment: "before", keptAt: "2026-11-21T05:12:35.000Z" },
      ...{ intact: true, resources: 2, pending: 1 },
    },
  ];
}

/** A creation of which nobody knows how it went, and an update. */
export function pendingReport(): PendingReport {
  return {
    ...{ stack: "network", environment: "dev" },
    operations: [
      {
        ...{ operation: "creating", urn: VPC_URN, type: "aws:ec2/vpc:Vpc", name: "main-vpc" },
        ...{ told: "began", run: RUN_ID, beganAt: "2026-11-21T05:12:38.000Z", errors: [] },
        inputs: { cidrBlock: "10.0.0.0/16", tags: { Owner: "ada" }, token: { $groundplane: "secret" } },
      },
      {
        ...{
          operation: "updating",
          urn: BUCKET_URN,
          type: "aws:s3/bucket:Bucket",
          name: "logs",
          id: "logs-1",
        },
        ...{ told: "failed", run: RUN_ID, beganAt: "2026-11-21T05:12:39.000Z" },
        errors: ["AccessDenied: no\u001b[31m"],
        inputs: {},
      },
    ],
  };
}
