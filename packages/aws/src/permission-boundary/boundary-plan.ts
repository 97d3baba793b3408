import type { PolicyStatement } from "../iam/policy-statement.ts";
import {
  BOUNDARY_DENIES,
  BOUNDARY_DENY_NAMES,
  type BoundaryDeny,
  type BoundaryPlace,
  boundaryKeepers,
} from "./boundary-denies.ts";

/**
 * Services of which one answers for all regions, or whose calls carry no region that is asked for: a condition on the
 * region would cut them off. From the list of
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
 */
const GLOBAL_SERVICES: readonly string[] = [
  ...[
    "account",
    "aws-portal",
    "billing",
    "budgets",
    "ce",
    "cloudfront",
    "cur",
    "globalaccelerator",
    "health",
  ],
  ...["iam", "networkmanager", "organizations", "pricing", "route53", "route53domains", "shield", "sts"],
  ...["support", "trustedadvisor", "waf"],
];

/** What the organisation and IAM Identity Center keep for themselves in every account. */
const OUTSIDE_ROLES: readonly string[] = ["OrganizationAccountAccessRole", "aws-reserved/*"];

export interface BoundaryPlanOptions {
  readonly services: readonly string[];
  readonly regions: readonly string[];
  readonly outsideRoles?: readonly string[];
  /** Denies that are left out. */
  readonly allow: readonly BoundaryDeny[];
}

/** The statements of a boundary, as plain data. */
export function planBoundary(
  { services, regions, outsideRoles = [], allow }: BoundaryPlanOptions,
  place: BoundaryPlace,
): readonly PolicyStatement[] {
  const actions = (some: readonly string[]) => some.toSorted().map((service) => `${service}:*`);
  const global = services.filter((service) => GLOBAL_SERVICES.includes(service));
  const regional = services.filter((service) => !global.includes(service));
  const denied = BOUNDARY_DENY_NAMES.filter((name) => !allow.includes(name)).flatMap(
    (name) => BOUNDARY_DENIES[name],
  );
  return [
    ...(regional.length === 0
      ? []
      : [
          {
            sid: "Regional",
            actions: actions(regional),
            resources: ["*"],
            conditions: { StringEquals: { "aws:RequestedRegion": regions.toSorted() } },
          },
        ]),
    ...(global.length === 0 ? [] : [{ sid: "Global", actions: actions(global), resources: ["*"] }]),
    ...(denied.length === 0
      ? []
      : [{ sid: "Never", effect: "Deny" as const, actions: denied, resources: ["*"] }]),
    ...boundaryKeepers(place, [...OUTSIDE_ROLES, ...outsideRoles]),
  ];
}
