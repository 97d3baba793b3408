import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { PermissionBoundaryRef } from "../permission-boundary/permission-boundary.ts";

/** Jobs of a GitHub repository, as `owner/name`: those of one environment, of one branch, or of one tag. */
export interface GitHubSubject {
  readonly repository: string;
  /** One of these three. GitHub's protection rules of an environment then guard the role too. */
  readonly environment?: string;
  readonly branch?: string;
  readonly tag?: string;
}

/** The `sub` of an issuer's tokens, as it is. */
export interface ExactSubject {
  readonly subject: string;
}

/** Any `sub` that matches: `*` and `?` as in IAM. */
export interface SubjectPattern {
  readonly subjectPattern: string;
  /** Why exact subjects do not do; ends up in a tag `Opening:subject-pattern`. */
  readonly reason: string;
}

export type DeploySubject = GitHubSubject | ExactSubject | SubjectPattern;

/** An issuer's provider that the account has already: another `DeployRole`, the outputs of another stack, or a literal. */
export interface OidcProviderRef {
  /** @format ARN of an IAM OpenID Connect provider */
  readonly providerArn: pulumi.Input<string>;
}

export interface DeployRoleArgs {
  /** Who may take the role. At least one. */
  readonly subjects: readonly DeploySubject[];
  /** The most that the role can do, whatever its policies allow. */
  readonly permissionsBoundary: PermissionBoundaryRef;
  /** Its rights, up to 10,240 characters of JSON. @default - none of its own */
  readonly statements?: readonly PolicyStatement[];
  /** ARNs of managed policies, each under a name of its own for the child. @default - none */
  readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Changing it with a provider of the role's own replaces the provider. @format URL @default "https://token.actions.githubusercontent.com" */
  readonly issuerUrl?: string;
  /** What the tokens are made out for. @default "sts.amazonaws.com" */
  readonly audience?: string;
  /** An account has one for each issuer. @default - made by this role */
  readonly provider?: OidcProviderRef;
  /** How long credentials last. @minimum 60 @maximum 720 @default 60 */
  readonly sessionMinutes?: number;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
