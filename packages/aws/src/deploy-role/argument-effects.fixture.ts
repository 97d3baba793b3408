import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { DeployRole } from "./deploy-role.ts";
import type { DeployRoleArgs } from "./deploy-role-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const subject = { repository: "acme/shop", environment: "dev" };
const statements = [{ actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::shop"] }];
const readOnly = { "read-only": "arn:aws:iam::aws:policy/ReadOnlyAccess" };
const updates = { updates: ["role"] };
const refused = { refused: "INVALID_ARGUMENT" };

/** The table of docs/deploy-role.md. */
export const argumentEffects: ArgumentEffects<DeployRoleArgs> = {
  base: {
    subjects: [subject],
    permissionsBoundary: { policyArn: "arn:aws:iam::123456789012:policy/one" },
    statements,
    managedPolicies: readOnly,
    tags,
  },
  create: (args, options) => new DeployRole("unit", args, options),
  compute: ({ type, name }) =>
    type.endsWith(":OpenIdConnectProvider")
      ? { arn: `arn:aws:iam::123456789012:oidc-provider/${name}` }
      : type.endsWith(":Role")
        ? { name }
        : {},
  untaggable: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
  changes: {
    subjects: [
      { to: [subject, { repository: "acme/shop", branch: "main" }], effect: updates },
      { to: [{ repository: "acme/*", branch: "main" }], effect: refused },
      { to: [{ subjectPattern: "repo:acme/shop:*", reason: "" }], effect: refused },
    ],
    permissionsBoundary: { to: { policyArn: "arn:aws:iam::123456789012:policy/two" }, effect: updates },
    statements: [
      { to: [...statements, ...statements], effect: { updates: ["policy"] } },
      { to: undefined, effect: { deletes: ["policy"] } },
    ],
    managedPolicies: [
      {
        to: { "read-only": "arn:aws:iam::aws:policy/ViewOnlyAccess" },
        effect: { replaces: ["read-only-attachment"] },
      },
      { to: undefined, effect: { deletes: ["read-only-attachment"] } },
    ],
    issuerUrl: { to: "https://gitlab.example.com", effect: refused },
    audience: { to: "deploy", effect: { updates: ["provider", "role"] } },
    provider: {
      to: { providerArn: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
      effect: { updates: ["role"], deletes: ["provider"] },
    },
    sessionMinutes: [
      { to: 120, effect: updates },
      { to: 15, effect: refused },
    ],
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["provider", "role"] } },
  },
};
