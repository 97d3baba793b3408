// The examples of docs/deploy-role.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { DeployRole, PermissionBoundary, StateBackend } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): DeployRole {
  const boundary = new PermissionBoundary("shop-jobs", {
    services: ["ec2", "ecs", "iam", "kms", "s3"],
    regions: ["eu-central-1"],
    tags,
  });
  const state = new StateBackend("shop-jobs-state", { protect: false, tags });
  // #region start
  const deployer = new DeployRole("shop-deployer", {
    subjects: [{ repository: "acme/shop", environment: "dev" }],
    permissionsBoundary: boundary,
    statements: state.deployStatements(),
    managedPolicies: { "power-user": "arn:aws:iam::aws:policy/PowerUserAccess" },
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return deployer;
}

export function another(): DeployRole {
  const boundary = { policyArn: pulumi.output("arn:aws:iam::123456789012:policy/deployers-boundary") };
  const gitlab = { providerArn: "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com" };
  const state = new StateBackend("shop-state", { tags });
  // #region another
  const previewer = new DeployRole("shop-previewer", {
    issuerUrl: "https://gitlab.example.com",
    audience: "https://gitlab.example.com",
    provider: gitlab,
    subjects: [
      { subject: "project_path:acme/shop:ref_type:branch:ref:main" },
      {
        subjectPattern: "project_path:acme/shop:ref_type:branch:ref:preview/*",
        reason: "branches of reviews have names of their own",
      },
    ],
    permissionsBoundary: boundary,
    statements: state.readStatements(),
    tags,
  });
  // #endregion
  return previewer;
}
