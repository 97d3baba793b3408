import { checkOneOf, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { presetOf } from "../preset.ts";
import { createGrafana } from "./grafana.ts";
import { METRICS_WORKSPACE_PRESETS, type MetricsWorkspaceArgs } from "./metrics-workspace-args.ts";

/** The resources of a `MetricsWorkspace`. */
export interface MetricsWorkspaceNodes {
  readonly workspace: aws.amp.Workspace;
  /** Absent without `grafana`. */
  readonly grafana?: aws.grafana.Workspace;
}

/**
 * A Prometheus that AWS runs, and with `grafana` a Grafana that shows what it holds.
 *
 * Creates, named `${name}-…`: `workspace`; with `grafana` also `grafana`, `grafana-role` and `grafana-policy`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class MetricsWorkspace extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;
  readonly workspaceArn: pulumi.Output<string>;
  /** Where metrics are written to, with a signature of AWS (SigV4). */
  readonly remoteWriteUrl: pulumi.Output<string>;
  /** Absent without `grafana`. */
  readonly grafanaUrl?: pulumi.Output<string>;
  readonly nodes: MetricsWorkspaceNodes;

  constructor(name: string, args: MetricsWorkspaceArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, protect } = validate(name, args);
    super("groundplane:aws:MetricsWorkspace", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const workspace = createWorkspace(context, args, protect);
    this.workspaceId = workspace.id;
    this.workspaceArn = workspace.arn;
    this.remoteWriteUrl = pulumi.interpolate`${workspace.prometheusEndpoint}api/v1/remote_write`;
    const grafana = args.grafana && createGrafana(context, args.grafana, this.readStatements());
    if (grafana !== undefined) this.grafanaUrl = pulumi.interpolate`https://${grafana.endpoint}`;
    this.nodes = { workspace, ...(grafana && { grafana }) };
    const { workspaceId, workspaceArn, remoteWriteUrl, grafanaUrl } = this;
    this.registerOutputs({ workspaceId, workspaceArn, remoteWriteUrl, ...(grafanaUrl && { grafanaUrl }) });
  }

  /** The rights of who reads metrics. */
  readStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: [
          "aps:DescribeWorkspace",
          "aps:QueryMetrics",
          "aps:GetLabels",
          "aps:GetSeries",
          "aps:GetMetricMetadata",
        ],
        resources: [this.workspaceArn],
      },
    ];
  }

  /** The rights of who writes metrics: a collector. */
  writeStatements(): readonly PolicyStatement[] {
    return [{ actions: ["aps:RemoteWrite"], resources: [this.workspaceArn] }];
  }
}

function validate(name: string, args: MetricsWorkspaceArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(METRICS_WORKSPACE_PRESETS, args.preset);
  const { adopt, grafana } = args;
  checkOneOf("grafana.authentication", grafana?.authentication, ["identity-center", "saml"]);
  if (grafana?.version !== undefined && !/^\d+\.\d+$/.test(grafana.version))
    throw invalidArgument(`grafana.version is "${grafana.version}"; give one such as 10.4`);
  if (adopt !== undefined && !/^ws-[\w-]+$/.test(adopt.workspaceId))
    throw invalidArgument(`adopt.workspaceId is "${adopt.workspaceId}"; give an id that begins with ws-`);
  return { tags, protect: args.protect ?? row.protect };
}

function createWorkspace(
  context: ComponentContext,
  { kmsKeyArn, logGroup, adopt }: MetricsWorkspaceArgs,
  protect: boolean,
): aws.amp.Workspace {
  return new aws.amp.Workspace(
    context.child("workspace"),
    {
      alias: context.name,
      ...(kmsKeyArn !== undefined && { kmsKeyArn }),
      ...(logGroup !== undefined && {
        // AMP asks for the form of the ARN that ends with a star.
        loggingConfiguration: { logGroupArn: pulumi.interpolate`${logGroup.logGroupArn}:*` },
      }),
      tags: context.tags("workspace"),
    },
    context.adopted(adopt?.workspaceId, ["alias", "kmsKeyArn", "loggingConfiguration", "tags"], { protect }),
  );
}
