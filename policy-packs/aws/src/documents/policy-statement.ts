import type { PropertyRef } from "@groundplane/policy";

/** One statement of an IAM policy, with every list a list. */
export interface PolicyStatement {
  /** Its `Sid`, or its number from 1. */
  readonly name: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`; `*` for the principal that is everyone. */
  readonly kind: string;
  readonly value: string;
}

export interface Condition {
  /** `StringEquals`, in lower case. */
  readonly operator: string;
  /** `aws:sourcearn`, in lower case: keys do not care for case. */
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * The statements of the policy document at this place, JSON text or an object: written by hand, or the output of
 * `aws.iam.getPolicyDocument`. None where none is set. None either of a document that comes with the change itself:
 * almost every policy names what is made beside it, and the engine shows it again during up, before it is written.
 *
 * @throws {SyntaxError} where it is no JSON; the rule then counts as failed
 */
export function statementsOf(ref: PropertyRef): readonly PolicyStatement[] {
  if (ref.unreadable === "unknown") return [];
  const { value } = ref;
  if (value === undefined || value === null || value === "") return [];
  const document: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return listOf(field(document, "Statement")).map((statement, index) => {
    const sid = field(statement, "Sid");
    return {
      name: typeof sid === "string" && sid !== "" ? sid : String(index + 1),
      allows: field(statement, "Effect") === "Allow",
      actions: textsOf(field(statement, "Action")),
      notActions: textsOf(field(statement, "NotAction")),
      resources: textsOf(field(statement, "Resource")),
      notResources: textsOf(field(statement, "NotResource")),
      principals: principalsOf(field(statement, "Principal")),
      notPrincipals: principalsOf(field(statement, "NotPrincipal")),
      conditions: conditionsOf(field(statement, "Condition")),
    };
  });
}

/** Whether everyone on the internet is among these. */
export const isEveryone = ({ kind, value }: Principal): boolean =>
  value === "*" && (kind === "*" || kind === "AWS");

/** Condition keys that tie a caller to an account, an organization, a network or a resource. */
const LIMITING_KEYS: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:vpcsourceip",
  "elasticfilesystem:accessedviamounttarget",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
]);

/** Whether a condition ties who may act to something; with `…IfExists` a request without the key passes. */
export function isLimited({ conditions }: PolicyStatement): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      LIMITING_KEYS.has(key) &&
      /^(?:foranyvalue:)?(?:stringequals|stringlike|stringequalsignorecase|arnequals|arnlike|ipaddress|bool)$/.test(
        operator,
      ) &&
      values.length > 0 &&
      values.every((value) => !/^\*+$|\/0$|^false$/.test(value)),
  );
}

function conditionsOf(value: unknown): readonly Condition[] {
  return entriesOf(value).flatMap(([operator, keys]) =>
    entriesOf(keys).map(([key, values]) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: textsOf(values),
    })),
  );
}

function principalsOf(value: unknown): readonly Principal[] {
  if (typeof value === "string") return [{ kind: "*", value }];
  return entriesOf(value).flatMap(([kind, values]) => textsOf(values).map((one) => ({ kind, value: one })));
}

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

// In any case: what IAM might take is not to slip past for its spelling.
const field = (value: unknown, name: string): unknown =>
  entriesOf(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const textsOf = (value: unknown): readonly string[] => listOf(value).map((one) => String(one));
