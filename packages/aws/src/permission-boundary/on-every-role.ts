import type * as pulumi from "@pulumi/pulumi";
import type { PermissionBoundaryRef } from "./permission-boundary.ts";

const TYPES = ["aws:iam/role:Role", "aws:iam/user:User"];

/**
 * Puts a boundary on every role that a component or a program makes, where it gives none itself: what a deployment under a
 * `PermissionBoundary` needs. For `transforms` of a component's options, or `pulumi.runtime.registerResourceTransform`.
 */
export function onEveryRole(boundary: PermissionBoundaryRef): pulumi.ResourceTransform {
  return ({ type, props, opts }) =>
    TYPES.includes(type) && props["permissionsBoundary"] === undefined
      ? { props: { ...props, permissionsBoundary: boundary.policyArn }, opts }
      : undefined;
}
