import type { Properties } from "@groundplane/provider";
import { SANDBOX_ACCOUNT } from "../marks.ts";
import type { Problem, RuleContext, TypeRule } from "../provider/cloud.ts";
import { text, texts } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const USER = "aws:iam/user:User";
const GROUP = "aws:iam/group:Group";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const ROLE_PARTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/rolePolicy:RolePolicy",
  PROFILE,
];

/** A problem where the property is given and holds no policy document. */
export function policyProblems(inputs: Properties, property: string): readonly Problem[] {
  const value = text(inputs, property);
  if (value === undefined) return [];
  try {
    const document: unknown = JSON.parse(value);
    if (typeof document === "object" && document !== null && "Statement" in document) return [];
    return [{ property, reason: "the policy document has no Statement" }];
  } catch {
    // The text itself is not repeated: it may be long, and hold what should not be shown.
    return [
      {
        property,
        reason: "the policy document is no JSON: build it with JSON.stringify or getPolicyDocument",
      },
    ];
  }
}

function named(path: string, more: TypeRule = {}): TypeRule {
  return {
    arn: ({ id, inputs }) => `${path}${text(inputs, "path") ?? "/"}${id}`,
    unique: [
      {
        of: ["name"],
        scope: "account",
        code: "EntityAlreadyExists",
        message: ({ name }) => `${path} with name ${String(name)} already exists.`,
      },
    ],
    ...more,
  };
}

function requireRole({ inputs, view }: RuleContext): void {
  const role = text(inputs, "role");
  if (role === undefined || view.list(ROLE).some(({ id, outputs }) => id === role || outputs["arn"] === role))
    return;
  throw refusal("NoSuchEntity", `The role with name ${role} cannot be found.`);
}

function requirePolicy({ inputs, view }: RuleContext): void {
  const arn = text(inputs, "policyArn");
  // AWS's own managed policies (arn:aws:iam::aws:policy/…) are taken as given.
  if (arn === undefined || /^arn:[^:]+:iam::aws:/.test(arn) || view.owners(arn).length > 0) return;
  throw refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
}

const role = named("role", {
  check: (inputs) => policyProblems(inputs, "assumeRolePolicy"),
  outputs: () => ({
    uniqueId: "AROA5A4DB0C5SANDBOX00",
    maxSessionDuration: 3600,
    managedPolicyArns: [],
    inlinePolicies: [],
  }),
  validate: ({ inputs, view }) => {
    for (const arn of texts(inputs, "managedPolicyArns"))
      if (!/^arn:[^:]+:iam::aws:/.test(arn) && view.owners(arn).length === 0)
        throw refusal("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
  },
  remove: ({ id, previous, view }) => {
    if (previous?.["forceDetachPolicies"] === true) return;
    for (const type of ROLE_PARTS) {
      const part = view.list(type).find(({ outputs }) => outputs["role"] === id);
      if (part !== undefined)
        throw refusal(
          "DeleteConflict",
          `Cannot delete entity, must remove ${part.id} (${type}) from role ${id} first.`,
        );
    }
  },
});

const policy: TypeRule = {
  ...named("policy"),
  id: ({ inputs }) =>
    `arn:aws:iam::${SANDBOX_ACCOUNT}:policy${text(inputs, "path") ?? "/"}${text(inputs, "name") ?? ""}`,
  arn: ({ inputs }) => `policy${text(inputs, "path") ?? "/"}${text(inputs, "name") ?? ""}`,
  check: (inputs) => policyProblems(inputs, "policy"),
  outputs: () => ({ policyId: "ANPA5A4DB0C5SANDBOX00", attachmentCount: 0 }),
  deletion: ({ type }) => (/PolicyAttachment$/.test(type) ? "blocks" : "stays"),
};

const attachment: TypeRule = {
  id: ({ inputs }) => `${text(inputs, "role") ?? ""}/${text(inputs, "policyArn") ?? ""}`,
  validate: (context) => {
    requireRole(context);
    requirePolicy(context);
  },
};

const inlinePolicy: TypeRule = {
  id: ({ inputs }) => `${text(inputs, "role") ?? ""}:${text(inputs, "name") ?? ""}`,
  check: (inputs) => policyProblems(inputs, "policy"),
  validate: requireRole,
};

export const iamRules: Readonly<Record<string, TypeRule>> = {
  [ROLE]: role,
  [POLICY]: policy,
  [USER]: named("user"),
  [GROUP]: named("group"),
  [PROFILE]: named("instance-profile", { validate: requireRole }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
  "aws:iam/rolePolicy:RolePolicy": inlinePolicy,
};
