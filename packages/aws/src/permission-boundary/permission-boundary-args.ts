import type { Tags } from "@groundplane/contracts";
import type { Opening } from "../opening.ts";
import type { BoundaryDeny } from "./boundary-denies.ts";

export interface PermissionBoundaryArgs {
  /**
   * The most that anyone inside may use, by the prefix of IAM actions: `s3`, `ec2`, `iam`. No order.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
   */
  readonly services: readonly string[];
  /** Where. Services without regions, such as `iam` and `route53`, are not bound by it. @format `eu-central-1` */
  readonly regions: readonly string[];
  /**
   * Roles of the account that have more rights than the boundary, by name or pattern: `admin-*`. Whoever is inside can
   * neither take them nor hand them to a service. Those of the organisation and of IAM Identity Center are always there.
   *
   * @default - no others
   */
  readonly outsideRoles?: readonly string[];
  /** Denies that are left out, each with its reason. @default - none */
  readonly allow?: Readonly<Partial<Record<BoundaryDeny, Opening>>>;
  /** The boundary names itself, so that its name is not generated. Changing it replaces the policy. @default - `${name}-boundary` */
  readonly policyName?: string;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
