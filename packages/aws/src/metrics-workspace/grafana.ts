import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import type { GrafanaArgs } from "./metrics-workspace-args.ts";

const PROVIDERS: Readonly<Record<GrafanaArgs["authentication"], string>> = {
  "identity-center": "AWS_SSO",
  saml: "SAML",
};

/** Grafana with a role that reads these metrics, and those of CloudWatch. */
export function createGrafana(
  context: ComponentContext,
  { authentication, version }: GrafanaArgs,
  readStatements: readonly PolicyStatement[],
): aws.grafana.Workspace {
  const { partition, region, accountId } = callerAccount(context);
  const workspaces = pulumi.interpolate`arn:${partition}:grafana:${region}:${accountId}:*`;
  const role = new aws.iam.Role(
    context.child("grafana-role"),
    {
      description: "Lets Grafana read metrics",
      // Grafana user guide, "Cross-service confused deputy prevention".
      assumeRolePolicy: policyDocument([
        serviceTrust("grafana.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": workspaces },
        }),
      ]),
      tags: context.tags("grafana-role"),
    },
    context.options(),
  );
  const policy = new aws.iam.RolePolicy(
    context.child("grafana-policy"),
    { role: role.id, policy: policyDocument([...readStatements, ...CLOUDWATCH]) },
    context.options(),
  );
  return new aws.grafana.Workspace(
    context.child("grafana"),
    {
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: [PROVIDERS[authentication]],
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["PROMETHEUS", "CLOUDWATCH"],
      ...(version !== undefined && { grafanaVersion: version }),
      tags: context.tags("grafana"),
    },
    context.options({ dependsOn: [policy] }),
  );
}

/** Reading lists and values; these actions know no resources. Grafana user guide, "Amazon CloudWatch data source". */
const CLOUDWATCH: readonly PolicyStatement[] = [
  { actions: ["aps:ListWorkspaces"], resources: ["*"] },
  {
    actions: [
      "cloudwatch:DescribeAlarms",
      "cloudwatch:DescribeAlarmHistory",
      "cloudwatch:DescribeAlarmsForMetric",
      "cloudwatch:GetMetricData",
      "cloudwatch:ListMetrics",
      "tag:GetResources",
    ],
    resources: ["*"],
  },
];
