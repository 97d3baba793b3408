import { invalidArgument } from "@groundplane/contracts";
import type { PolicyConditions, PolicyStatement } from "../iam/policy-statement.ts";
import { openingTag } from "../opening.ts";
import type { DeploySubject, GitHubSubject } from "./deploy-role-args.ts";

export const GITHUB = "https://token.actions.githubusercontent.com";

/** Who may take a role, as plain data. */
export interface SubjectPlan {
  readonly exact: readonly string[];
  readonly patterns: readonly string[];
  /** Tags that record the patterns. */
  readonly openings: Readonly<Record<string, string>>;
}

/**
 * The subjects as they stand in tokens.
 *
 * @throws {INVALID_ARGUMENT} one is malformed, holds a wildcard without a reason, or is GitHub's where the issuer is another.
 */
export function planSubjects(subjects: readonly DeploySubject[], issuerUrl: string): SubjectPlan {
  if (subjects.length === 0)
    throw invalidArgument(
      'subjects is empty; say who may take the role: { repository: "acme/shop", environment: "prod" }',
    );
  const patterns = subjects.flatMap((one) => ("subjectPattern" in one ? [one] : []));
  const exact = subjects.flatMap((one) => {
    if ("subjectPattern" in one) return [];
    return ["repository" in one ? githubSubject(one, issuerUrl) : checkExact(one.subject)];
  });
  for (const { subjectPattern } of patterns) checkPattern(subjectPattern);
  const openings = patterns.map(({ reason }) => openingTag("subject-pattern", { reason }));
  return {
    exact,
    patterns: patterns.map(({ subjectPattern }) => subjectPattern),
    openings: Object.assign({}, ...openings),
  };
}

/** https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */
function githubSubject(subject: GitHubSubject, issuerUrl: string): string {
  const { repository, environment, branch, tag } = subject;
  if (issuerUrl !== GITHUB)
    throw invalidArgument(
      `subjects has the repository "${repository}", and the issuer is ${issuerUrl}; give { subject } as that issuer writes it`,
    );
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*\/[\w.-]+$/.test(repository))
    throw invalidArgument(`repository is "${repository}"; give owner/name, without wildcards`);
  const claims = [
    ...(environment === undefined ? [] : [`environment:${checkPart("environment", environment)}`]),
    ...(branch === undefined ? [] : [`ref:refs/heads/${checkPart("branch", branch)}`]),
    ...(tag === undefined ? [] : [`ref:refs/tags/${checkPart("tag", tag)}`]),
  ];
  const [claim, another] = claims;
  if (claim === undefined || another !== undefined)
    throw invalidArgument(
      `subjects has "${repository}" with ${claims.length === 0 ? "nothing" : claims.join(" and ")}; give one of environment, branch and tag: a token carries one`,
    );
  return `repo:${repository}:${claim}`;
}

function checkPart(name: string, value: string): string {
  // GitHub writes a colon of an environment's name as %3A.
  if (/^[^\s*?:$]+( [^\s*?:$]+)*$/.test(value)) return value;
  throw invalidArgument(
    `${name} is "${value}"; give one name without *, ?, : and $, or a { subjectPattern, reason }`,
    { [name]: value },
  );
}

function checkExact(subject: string): string {
  // `${` begins a variable of IAM.
  if (/^[^*?$]+$/.test(subject)) return subject;
  throw invalidArgument(
    `subject is "${subject}"; give it exactly, without *, ? and $, or a { subjectPattern, reason }`,
    { subject },
  );
}

function checkPattern(pattern: string): void {
  // At least the beginning is fixed: an issuer such as GitHub signs tokens of everybody's jobs.
  const fixed = pattern.split(/[*?]/)[0] ?? "";
  if (
    !pattern.includes("$") &&
    (/^repo:[\w-]+\//.test(fixed) || (!pattern.startsWith("repo:") && fixed.length >= 8))
  )
    return;
  throw invalidArgument(
    `subjectPattern is "${pattern}"; give one that begins with whose tokens they are: repo:acme/*`,
    { subjectPattern: pattern },
  );
}

/** The trust policy's statements: tokens of this issuer, for this audience, of these subjects. */
export function trustStatements(
  { exact, patterns }: SubjectPlan,
  issuerUrl: string,
  audience: string,
  principals: NonNullable<PolicyStatement["principals"]>,
): readonly PolicyStatement[] {
  const issuer = issuerUrl.replace("https://", "");
  const aud = { [`${issuer}:aud`]: audience };
  const trust = (conditions: PolicyConditions): PolicyStatement => ({
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals,
    conditions,
  });
  return [
    ...(exact.length === 0 ? [] : [trust({ StringEquals: { ...aud, [`${issuer}:sub`]: exact.toSorted() } })]),
    ...(patterns.length === 0
      ? []
      : [trust({ StringEquals: aud, StringLike: { [`${issuer}:sub`]: patterns.toSorted() } })]),
  ];
}
