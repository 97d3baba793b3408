// The examples of docs/permission-boundary.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { PermissionBoundary } from "../index.ts";

export function start(): PermissionBoundary {
  // #region start
  const boundary = new PermissionBoundary("deployers", {
    services: ["cloudwatch", "ec2", "ecs", "elasticloadbalancing", "iam", "kms", "logs", "rds", "s3"],
    regions: ["eu-central-1"],
    outsideRoles: ["admin-*", "break-glass-*"],
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return boundary;
}
