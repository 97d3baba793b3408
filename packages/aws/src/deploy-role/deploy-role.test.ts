import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { DeployRole } from "./deploy-role.ts";
import type { DeployRoleArgs } from "./deploy-role-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const providerArn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const boundary = { policyArn: "arn:aws:iam::123456789012:policy/boundary" };
const base: DeployRoleArgs = {
  subjects: [{ repository: "acme/shop", environment: "prod" }],
  permissionsBoundary: boundary,
  tags,
};
const create = (args: Partial<DeployRoleArgs> = {}) =>
  record(
    (options) => new DeployRole("deployer", { ...base, ...args }, options),
    ({ type }) => (type.endsWith(":OpenIdConnectProvider") ? { arn: providerArn } : {}),
  );
async function roleOf(args: Partial<DeployRoleArgs> = {}) {
  const { resources } = await create(args);
  const inputs = resources.find(({ name }) => name === "deployer-role")?.inputs ?? {};
  return { inputs, trust: JSON.parse(String(inputs["assumeRolePolicy"])).Statement };
}

describe("DeployRole", () => {
  test("trusts one environment of one repository, for an hour, under its boundary", async () => {
    const { inputs, trust } = await roleOf();
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": ["repo:acme/shop:environment:prod"],
          },
        },
      },
    ]);
    expect(inputs).toMatchObject({
      maxSessionDuration: 3600,
      permissionsBoundary: boundary.policyArn,
    });
  });

  test("makes the issuer's provider, unless it is given", async () => {
    const { resources } = await create();
    expect(resources.find(({ name }) => name === "deployer-provider")?.inputs).toMatchObject({
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    });
    const given = await create({ provider: { providerArn: "arn:aws:iam::123456789012:oidc-provider/x" } });
    expect(given.resources.map(({ name }) => name)).toEqual(["deployer", "deployer-role"]);
  });

  test("tells branches and tags apart, in any order", async () => {
    const { trust } = await roleOf({
      subjects: [
        { repository: "acme/shop", tag: "v1.0.0" },
        { repository: "acme/shop", branch: "release/1" },
      ],
    });
    expect(trust[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"]).toEqual([
      "repo:acme/shop:ref:refs/heads/release/1",
      "repo:acme/shop:ref:refs/tags/v1.0.0",
    ]);
  });

  test("takes a pattern with a reason, still for one audience, and records it", async () => {
    const { inputs, trust } = await roleOf({
      subjects: [{ subjectPattern: "repo:acme/shop:*", reason: "previews of every branch" }],
    });
    expect(trust).toEqual([
      expect.objectContaining({
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": ["repo:acme/shop:*"] },
        },
      }),
    ]);
    expect(inputs["tags"]).toMatchObject({ "Opening:subject-pattern": "previews of every branch" });
  });

  test("takes another issuer's subjects as they are", async () => {
    const { trust } = await roleOf({
      issuerUrl: "https://gitlab.example.com/oidc",
      audience: "deploy",
      subjects: [{ subject: "project_path:acme/shop:ref_type:branch:ref:main" }],
    });
    expect(trust[0].Condition).toEqual({
      StringEquals: {
        "gitlab.example.com/oidc:aud": "deploy",
        "gitlab.example.com/oidc:sub": ["project_path:acme/shop:ref_type:branch:ref:main"],
      },
    });
  });

  test.each<[Partial<DeployRoleArgs>, string]>([
    [{ subjects: [] }, "subjects is empty"],
    [{ subjects: [{ repository: "acme", branch: "main" }] }, 'repository is "acme"'],
    [{ subjects: [{ repository: "acme/*", branch: "main" }] }, 'repository is "acme/*"'],
    [{ subjects: [{ repository: "acme/shop" }] }, "with nothing"],
    [{ subjects: [{ repository: "acme/shop", branch: "main", tag: "v1" }] }, "give one of environment"],
    [{ subjects: [{ repository: "acme/shop", branch: "*" }] }, 'branch is "*"'],
    [{ subjects: [{ repository: "acme/shop", environment: "a:ref" }] }, 'environment is "a:ref"'],
    [{ subjects: [{ subject: "repo:acme/shop:*" }] }, 'subject is "repo:acme/shop:*"'],
    [{ subjects: [{ subjectPattern: "*", reason: "all" }] }, 'subjectPattern is "*"'],
    [{ subjects: [{ subjectPattern: "repo:*/shop:ref", reason: "all" }] }, "whose tokens they are"],
    [{ subjects: [{ subjectPattern: "repo:acme/*", reason: " " }] }, "no reason for subject-pattern"],
    [{ issuerUrl: "https://gitlab.example.com" }, "and the issuer is https://gitlab.example.com"],
    [{ issuerUrl: "http://gitlab.example.com" }, 'issuerUrl is "http://gitlab.example.com"'],
    [{ audience: "*" }, 'audience is "*"'],
    [{ sessionMinutes: 30 }, "sessionMinutes is 30"],
    [{ managedPolicies: { "Read Only": "x" } }, 'managedPolicies has "Read Only"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
