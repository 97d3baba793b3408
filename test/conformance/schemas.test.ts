import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  approvalRuleSchema,
  changeSetSchema,
  costEstimateSchema,
  DIGEST_PARTS,
  decisionSchema,
  driftIgnoreSchema,
  driftReportSchema,
  eventEnvelopeSchema,
  exemptionSchema,
  findingSchema,
  journalEntrySchema,
  outputsArtifactSchema,
  pendingReportSchema,
  reviewDigestSchema,
  runRecordSchema,
  secretManifestSchema,
  stateBackupSchema,
  tagsSchema,
  webhookMessageSchema,
} from "@groundplane/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { z } from "zod";

const folder = fileURLToPath(new URL("../../packages/contracts/schemas/", import.meta.url));
const hash = `sha256:${"0a".repeat(32)}`;
const at = "2026-11-21T05:00:00.000Z";
const run = "run-20261121-050000-a1b2c3";
const urn = "urn:pulumi:dev::network::aws:ec2/vpc:Vpc::main";
const finding = {
  rule: "no-public-ingress",
  title: "No public ingress",
  severity: "high",
  enforcement: "mandatory",
  status: "violation",
  urn,
  message: "0.0.0.0/0 may reach port 22",
  remedy: "name the addresses",
  pack: { name: "baseline", version: "1.0.0" },
  foundBy: "change-set",
};
const group = {
  type: "group",
  members: ["alice", "bob"],
  count: 2,
  requesterCounts: false,
  expiresAfterMinutes: 60,
};
const decision = { by: "alice", verdict: "approve", digest: hash, at, comment: "fits" };
const reviewDigest = { digest: hash, parts: Object.fromEntries(DIGEST_PARTS.map((part) => [part, hash])) };
const change = {
  path: "tags.Owner",
  kind: "update",
  before: "a",
  after: { $groundplane: "unknown" },
  replaces: false,
};

type Broken = readonly [string, Readonly<Record<string, unknown>>];

interface Artifact {
  readonly schema: z.ZodType;
  readonly example: Readonly<Record<string, unknown>>;
  /** What is wrong, and the fields that make it so. */
  readonly broken: readonly Broken[];
}

/** One row an artifact; a new schema file without a row fails. */
const artifacts: Readonly<Record<string, Artifact>> = {
  "approval-rule": {
    schema: approvalRuleSchema,
    example: group,
    broken: [
      ["the type is unknown", { type: "nobody" }],
      ["nobody has to approve", { count: 0 }],
      ["it lapses after more than 30 days", { expiresAfterMinutes: 60 * 24 * 31 }],
    ],
  },
  "change-set": {
    schema: changeSetSchema,
    example: {
      schema: "groundplane.dev/change-set/v1",
      project: "shop",
      stack: "network",
      environment: "dev",
      operation: "update",
      counts: { update: 1, same: 3 },
      changes: [
        {
          urn,
          type: "aws:ec2/vpc:Vpc",
          name: "main",
          operation: "update",
          id: "vpc-1",
          protect: false,
          holdsData: false,
          properties: [change],
        },
      ],
      planned: [
        {
          urn,
          type: "aws:ec2/vpc:Vpc",
          name: "main",
          operation: "update",
          custom: true,
          inputs: { tags: { a: [1] } },
        },
      ],
      outputs: [change],
    },
    broken: [
      ["the version is another", { schema: "groundplane.dev/change-set/v2" }],
      ["a count is negative", { counts: { update: -1 } }],
      ["a count is of no operation", { counts: { explode: 1 } }],
      ["a change has no URN", { changes: [{ type: "aws:ec2/vpc:Vpc" }] }],
      ["the stack's name leaves its folder", { stack: "../network" }],
    ],
  },
  decision: {
    schema: decisionSchema,
    example: decision,
    broken: [
      ["the digest is cut short", { digest: "sha256:0a" }],
      ["the verdict is unknown", { verdict: "maybe" }],
      ["the comment is endless", { comment: "c".repeat(2001) }],
    ],
  },
  "drift-ignore": {
    schema: driftIgnoreSchema,
    example: {
      resource: "*",
      property: "tags.*",
      reason: "cost tool's tags",
      who: "alice",
      until: "2027-01-31",
    },
    broken: [
      ["there is no reason", { reason: "because" }],
      ["the end is no day", { until: "soon" }],
      ["a field is misspelt", { propertys: "tags.*" }],
    ],
  },
  "drift-report": {
    schema: driftReportSchema,
    example: {
      schema: "groundplane.dev/drift/v1",
      project: "shop",
      stack: "network",
      environment: "dev",
      sandbox: true,
      checkedAt: at,
      state: hash,
      checked: 2,
      items: [
        {
          urn,
          type: "aws:ec2/vpc:Vpc",
          name: "main",
          id: "vpc-1",
          kind: "changed",
          properties: [{ path: "tags.Owner", kind: "update", before: "a", after: "b" }],
        },
      ],
      expiredIgnores: [],
      caveats: ["run-under-way"],
    },
    broken: [
      ["the state has no digest", { state: "unknown" }],
      ["an item is neither changed nor missing", { items: [{ urn, type: "t", name: "n", kind: "new" }] }],
      ["a caveat is unknown", { caveats: ["maybe"] }],
    ],
  },
  event: {
    schema: eventEnvelopeSchema,
    example: {
      name: "run.moved",
      at,
      run,
      stack: "network",
      environment: "dev",
      operation: "deploy",
      data: { from: "PENDING" },
    },
    broken: [
      ["the time has no zone", { at: "2026-11-21T05:00:00.000" }],
      ["the data is no object", { data: "x" }],
    ],
  },
  exemption: {
    schema: exemptionSchema,
    example: { rule: "r", resource: "*", reason: "public by purpose", who: "alice", until: "2027-01-31" },
    broken: [
      ["there is no reason", { reason: "because" }],
      ["the end is no day", { until: "soon" }],
    ],
  },
  finding: {
    schema: findingSchema,
    example: finding,
    broken: [
      ["the severity is unknown", { severity: "fatal" }],
      ["it says nothing", { message: "" }],
      ["the pack has no version", { pack: { name: "baseline" } }],
    ],
  },
  "journal-entry": {
    schema: journalEntrySchema,
    example: { sequence: 1, run, at, fact: { type: "decision.made", decision }, previous: hash, hash },
    broken: [
      ["the fact is unknown", { fact: { type: "run.deleted" } }],
      ["the fact lacks its data", { fact: { type: "decision.made" } }],
      ["it is before the first", { sequence: 0 }],
      ["it has no hash", { hash: "" }],
    ],
  },
  outputs: {
    schema: outputsArtifactSchema,
    example: {
      schema: "groundplane.dev/outputs/v1",
      project: "shop",
      stack: "network",
      environment: "dev",
      sandbox: true,
      version: 1,
      run,
      exportedAt: at,
      values: { vpcId: "vpc-1", zones: ["a", "b"], count: 3, nothing: null },
      secrets: { token: { reference: "pulumi://network/dev/token" } },
      contentDigest: hash,
    },
    broken: [
      ["a secret is a value", { secrets: { token: "hunter2" } }],
      ["a secret's reference leads elsewhere", { secrets: { token: { reference: "https://example.com" } } }],
      ["the version is 0", { version: 0 }],
    ],
  },
  "review-digest": {
    schema: reviewDigestSchema,
    example: reviewDigest,
    broken: [
      ["a part is missing", { parts: { ...reviewDigest.parts, state: undefined } }],
      ["a part is unknown", { parts: { ...reviewDigest.parts, weather: hash } }],
    ],
  },
  run: {
    schema: runRecordSchema,
    example: {
      schema: "groundplane.dev/run/v1",
      id: run,
      project: "shop",
      stack: "network",
      environment: "dev",
      operation: "deploy",
      sandbox: false,
      state: "DONE",
      outcome: "applied",
      requester: "alice",
      createdAt: at,
      updatedAt: at,
      timeline: [{ state: "PENDING", at }],
      counts: { create: 2 },
      findings: [finding],
      digest: reviewDigest,
      approvalRule: group,
      decisions: [decision],
      approvalsMissing: 0,
      expiresAt: at,
      confirmed: [urn],
      fence: 1,
      artifacts: { plan: { path: "plan.json", sha256: hash } },
    },
    broken: [
      ["the state is unknown", { state: "RUNNING" }],
      ["the outcome is unknown", { outcome: "ok" }],
      ["the id is no run's", { id: "../x" }],
      ["the approval rule is missing", { approvalRule: undefined }],
      ["the fence is 0", { fence: 0 }],
    ],
  },
  "pending-report": {
    schema: pendingReportSchema,
    example: {
      ...{ stack: "network", environment: "dev" },
      operations: [
        {
          ...{ operation: "creating", urn: "urn:a", type: "aws:ec2/vpc:Vpc", name: "main", told: "began" },
          ...{ run, beganAt: at, inputs: { cidrBlock: "10.0.0.0/16" }, errors: [] },
        },
      ],
    },
    broken: [
      ["there is no list", { operations: undefined }],
      ["an operation is told of in a way that is unknown", { operations: [{ told: "maybe" }] }],
    ],
  },
  "secret-manifest": {
    schema: secretManifestSchema,
    example: {
      schema: "groundplane.dev/secrets/v1",
      secrets: {
        "mail-password": { source: "vault", path: "shop/mail", field: "password" },
        "payment-key": { source: "secrets-manager", path: "shop/payment" },
      },
    },
    broken: [
      ["the version is another", { schema: "groundplane.dev/secrets/v2" }],
      [
        "a value stands in it",
        { secrets: { a: { source: "secrets-manager", path: "a", value: "hunter2" } } },
      ],
      ["a file is outside of its folder", { secrets: { a: { source: "sops", path: "../a", field: "b" } } }],
      ["a document's field is not named", { secrets: { a: { source: "vault", path: "shop/mail" } } }],
      ["the source is unknown", { secrets: { a: { source: "mail", path: "a", field: "b" } } }],
    ],
  },
  "state-backup": {
    schema: stateBackupSchema,
    example: {
      ...{ run, stack: "network", environment: "dev", moment: "before", keptAt: at, fence: 3, sha256: hash },
      ...{ intact: true, resources: 4, pending: 0 },
    },
    broken: [
      ["the moment is unknown", { moment: "during" }],
      ["nobody says whether it is intact", { intact: undefined }],
      ["there are fewer resources than none", { resources: -1 }],
    ],
  },
  cost: {
    schema: costEstimateSchema,
    example: {
      schema: "groundplane.dev/cost/v1",
      currency: "USD",
      prices: { asOf: "2025-01-01", source: "list prices" },
      before: { low: 0, expected: 0, high: 0, unknown: 0 },
      after: { low: 1, expected: 2, high: 4, unknown: 1 },
      change: { low: 1, expected: 2, high: 4, unknown: 1 },
      items: [
        {
          urn,
          type: "aws:ec2/natGateway:NatGateway",
          name: "main",
          operation: "create",
          after: { low: 1, expected: 2, high: 4 },
          charges: [],
          unknown: ["no price for a GB"],
        },
      ],
      assumptions: [],
    },
    broken: [
      ["it is of another currency", { currency: "EUR" }],
      ["the prices have no date", { prices: { source: "list prices" } }],
      ["it counts fewer unknowns than none", { change: { low: 1, expected: 2, high: 4, unknown: -1 } }],
      ["a sum is missing", { after: undefined }],
    ],
  },
  tags: {
    schema: tagsSchema,
    example: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane", Note: "" },
    broken: [
      ["the owner is missing", { Owner: undefined }],
      ["the owner is empty", { Owner: "" }],
      ["a value is too long", { Note: "n".repeat(257) }],
      ["a value has a line break", { Note: "a\nb" }],
    ],
  },
  "webhook-message": {
    schema: webhookMessageSchema,
    example: {
      id: `msg_${"0a".repeat(16)}`,
      timestamp: at,
      type: "run.moved",
      data: {
        run,
        project: "shop",
        stack: "network",
        environment: "dev",
        operation: "deploy",
        sandbox: true,
        requester: "alice",
        state: "DONE",
        counts: { create: 1 },
        findings: 0,
        approvalsMissing: 0,
        from: "APPLYING",
        to: "DONE",
        outcome: "failed",
        reason: { code: "ENGINE_FAILED", message: "it broke" },
      },
    },
    broken: [
      ["the id is not one of ours", { id: "msg_1" }],
      ["the type is unknown", { type: "run.deleted" }],
      ["it says nothing of the run", { data: {} }],
    ],
  },
};

// Formats are held by patterns too; ajv knows none by itself.
const ajv = new Ajv2020({ validateFormats: false });
const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("every schema has its row, and every row its schema", () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.schema\.json$/, ""));
  expect(files.sort()).toEqual(Object.keys(artifacts).sort());
});

describe.each(Object.entries(artifacts))("%s.schema.json", (name, { schema, example, broken }) => {
  const validate = ajv.compile(JSON.parse(readFileSync(`${folder}${name}.schema.json`, "utf8")));

  test("takes the example, as zod does", () => {
    expect(validate(example), ajv.errorsText(validate.errors)).toBe(true);
    expect(schema.parse(example)).toEqual(example);
  });

  test.each(broken)("fails when %s, as zod does", (_why, more) => {
    const value = withoutUndefined({ ...example, ...more });
    expect(validate(value)).toBe(false);
    expect(schema.safeParse(value).success).toBe(false);
  });

  test("fails when it is no object", () => {
    for (const value of [null, [], "x", 1, {}]) expect(validate(value)).toBe(false);
  });
});
