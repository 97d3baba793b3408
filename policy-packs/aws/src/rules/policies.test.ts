import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "./verdicts.fixture.ts";

const POLICY = "aws:iam/policy:Policy";
const ROLE = "aws:iam/role:Role";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const document = (...statements: readonly JsonValue[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (action: JsonValue, resource: JsonValue, more: object = {}): JsonValue => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});

describe("policies of identities", () => {
  it.each<[string, JsonValue, string]>([
    ["iam-no-full-admin", allow(["s3:GetObject", "*"], "arn:x"), "allows every action"],
    [
      "iam-no-service-wildcard",
      allow(["s3:Get*", "dynamodb:*", "kms:*"], "arn:x"),
      "allows dynamodb:*, kms:*",
    ],
    ["iam-resources-named", allow("kms:Decrypt", ["arn:x", "*"]), "allows kms:Decrypt on every resource"],
    [
      "iam-resources-named",
      allow(["secretsmanager:GetSecretValue", "ec2:DescribeVpcs"], "*"),
      "allows secretsmanager:GetSecretValue on every resource",
    ],
    [
      "iam-pass-role",
      allow("iam:Pass*", "arn:aws:iam::111122223333:role/*"),
      "allows iam:PassRole for every role",
    ],
    [
      "iam-no-negation",
      { Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:x" },
      "allows all but arn:x",
    ],
  ])("fails when %s finds %j", async (rule, statement, fault) => {
    expect(await verdicts(rule, POLICY, { policy: document(statement) })).toEqual([
      `violation: policy, statement 1: ${fault}`,
    ]);
  });

  it.each<[string, JsonValue]>([
    ["iam-no-full-admin", { Effect: "Deny", Action: "*", Resource: "*" }],
    ["iam-no-service-wildcard", allow("ssmmessages:*", "*")],
    ["iam-resources-named", allow(["xray:PutTraceSegments", "ecr:GetAuthorizationToken"], "*")],
    [
      "iam-resources-named",
      allow("kms:Decrypt", "*", {
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
      }),
    ],
    ["iam-pass-role", allow("iam:PassRole", "arn:aws:iam::111122223333:role/app-*")],
    ["iam-no-negation", { Effect: "Deny", NotAction: "s3:GetObject", Resource: "*" }],
  ])("passes %s %j", async (rule, statement) => {
    expect(await verdicts(rule, POLICY, { policy: document(statement) })).toEqual([]);
  });

  it("reads one statement without a list, names by Sid, elements in any case, objects and inline policies", async () => {
    const statement = { Sid: "Wide", effect: "Allow", ACTION: "*", Resource: "*" };
    const alone = JSON.stringify({ Statement: { ...statement, Effect: "Allow" } });
    expect(await verdicts("iam-no-full-admin", POLICY, { policy: alone })).toEqual([
      "violation: policy, statement Wide: allows every action",
    ]);
    expect(
      await verdicts("iam-no-full-admin", POLICY, { policy: { Statement: [{ ...statement }] } }),
    ).toHaveLength(1);
    const inlinePolicies = [
      { name: "a", policy: document() },
      { name: "b", policy: document(allow("*", "*")) },
    ];
    expect(
      await verdicts("iam-no-full-admin", ROLE, { assumeRolePolicy: document(), inlinePolicies }),
    ).toEqual(["violation: inlinePolicies[1].policy, statement 1: allows every action"]);
  });

  it("leaves a document that comes with the change to the engine, and passes no secret or broken one", async () => {
    expect(await verdicts("iam-no-full-admin", POLICY, { policy: UNKNOWN_MARK })).toEqual([]);
    expect((await verdicts("iam-no-full-admin", POLICY, { policy: SECRET_MARK }))[0]).toMatch(
      /^not-evaluated/,
    );
    expect((await verdicts("iam-no-full-admin", POLICY, { policy: "{" }))[0]).toMatch(
      /^not-evaluated: the rule failed/,
    );
  });
});

describe("who may take a role", () => {
  const trust = (rule: string, more: object) =>
    verdicts(rule, ROLE, { assumeRolePolicy: document({ Effect: "Allow", ...more }) });
  const oidc = (subject: string, operator = "StringLike") => ({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com" },
    Condition: { [operator]: { "gitlab.example.com:sub": subject } },
  });

  it("is not everyone, unless a condition ties them", async () => {
    const everyone = { Action: "sts:AssumeRole", Principal: "*" };
    expect(await trust("iam-trust-named", everyone)).toHaveLength(1);
    const organization = (value: string, operator = "StringEquals") => ({
      ...everyone,
      Condition: { [operator]: { "aws:PrincipalOrgID": value } },
    });
    expect(await trust("iam-trust-named", organization("o-1"))).toEqual([]);
    expect(await trust("iam-trust-named", organization("*", "StringLike"))).toHaveLength(1);
    expect(await trust("iam-trust-named", organization("o-1", "StringEqualsIfExists"))).toHaveLength(1);
    expect(await trust("iam-trust-named", organization("o-1", "StringNotEquals"))).toHaveLength(1);
  });

  it("is a subject of the identity provider, not all of them", async () => {
    expect(await trust("iam-trust-oidc-subject", oidc("project_path:acme/shop:*"))).toEqual([]);
    expect(await trust("iam-trust-oidc-subject", oidc("*"))).toHaveLength(1);
    expect(await trust("iam-trust-oidc-subject", oidc("x", "StringNotLike"))).toHaveLength(1);
  });
});

describe("policies of resources", () => {
  const judged = (rule: string, ...statements: readonly JsonValue[]) =>
    verdicts(rule, BUCKET_POLICY, { bucket: "b", policy: document(...statements) });
  const everyone = (condition?: object) =>
    allow("s3:GetObject", "*", { Principal: { AWS: ["*"] }, ...(condition && { Condition: condition }) });

  it("do not name everyone", async () => {
    expect(await judged("s3-policy-not-public", everyone())).toEqual([
      "violation: policy, statement 1: allows everyone s3:GetObject",
    ]);
    const others = allow("s3:GetObject", "*", { NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } });
    expect(await judged("s3-policy-not-public", others)).toHaveLength(1);
    expect(
      await judged("s3-policy-not-public", everyone({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })),
    ).toHaveLength(1);
    expect(
      await judged("s3-policy-not-public", everyone({ Bool: { "aws:SecureTransport": "true" } })),
    ).toHaveLength(1);
  });

  it("may name everyone of a network, an organization or an account", async () => {
    for (const condition of [
      { StringEquals: { "aws:SourceVpce": "vpce-1" } },
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-1/r-1/*"] } },
      { ArnLike: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1" } },
      { IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } },
    ])
      expect(await judged("s3-policy-not-public", everyone(condition))).toEqual([]);
  });

  it("refuse plain text to everyone, not to some", async () => {
    const refuse = (principal: JsonValue, value = "false") => ({
      Effect: "Deny",
      Principal: principal,
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": value } },
    });
    expect(await judged("s3-tls-only", refuse("*"))).toEqual([]);
    expect(await judged("s3-tls-only", refuse({ AWS: "*" }))).toEqual([]);
    expect(await judged("s3-tls-only", refuse({ AWS: "arn:aws:iam::111122223333:role/app" }))).toHaveLength(
      1,
    );
    expect(await judged("s3-tls-only", refuse("*", "true"))).toHaveLength(1);
  });

  it("of a resource without one are not asked for", async () => {
    expect(await verdicts("s3-tls-only", "aws:s3/bucket:Bucket", { bucket: "b" })).toEqual([]);
    expect(await verdicts("s3-policy-not-public", "aws:s3/bucket:Bucket", { bucket: "b" })).toEqual([]);
  });
});
