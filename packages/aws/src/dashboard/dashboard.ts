import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { nameInStack } from "../name-in-stack.ts";
import type { DashboardArgs, DashboardSection } from "./dashboard-args.ts";
import { dashboardBody } from "./dashboard-body.ts";
import { layOutDashboard } from "./dashboard-layout.ts";

/** The resources of a `Dashboard`. */
export interface DashboardNodes {
  readonly dashboard: aws.cloudwatch.Dashboard;
}

/**
 * A CloudWatch dashboard that lays out what components say is worth looking at.
 *
 * Creates, named `${name}-…`: `dashboard`. Costs 3 USD a month after the first three of an account
 * (https://aws.amazon.com/cloudwatch/pricing/).
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Dashboard extends pulumi.ComponentResource {
  readonly dashboardName: pulumi.Output<string>;
  readonly dashboardArn: pulumi.Output<string>;
  readonly nodes: DashboardNodes;

  constructor(name: string, args: DashboardArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:Dashboard", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const placed = layOutDashboard(heading(name, tags, args.note), args.sections, args.columns ?? 3);
    const dashboard = new aws.cloudwatch.Dashboard(
      context.child("dashboard"),
      {
        dashboardName: args.dashboardName ?? nameInStack(name),
        dashboardBody: dashboardBody(placed, args.hours ?? 3, callerAccount(context).region),
      },
      context.options(),
    );
    this.nodes = { dashboard };
    this.dashboardName = dashboard.dashboardName;
    this.dashboardArn = dashboard.dashboardArn;
    this.registerOutputs({ dashboardName: this.dashboardName, dashboardArn: this.dashboardArn });
  }
}

function heading(name: string, { Project, Environment, Owner }: Tags, note?: string): string {
  const title = `# ${name}\n${Project} · ${Environment} · of ${Owner}`;
  return note === undefined ? title : `${title}\n\n${note}`;
}

/** CloudWatch user guide, "CloudWatch service quotas": widgets of a dashboard, metrics of a graph, and of all. */
const QUOTAS = { widgets: 500, metricsOfWidget: 500, metrics: 2500, alarmsOfWidget: 100 } as const;

function validate(name: string, args: DashboardArgs): Tags {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkOneOf("columns", args.columns, [1, 2, 3, 4]);
  checkWhole("hours", args.hours, 1, 336);
  const { dashboardName, sections } = args;
  if (dashboardName !== undefined && !/^[\w-]{1,255}$/.test(dashboardName))
    throw invalidArgument(`dashboardName is "${dashboardName}"; give 1 to 255 letters, digits, - and _`, {
      dashboardName,
    });
  if (sections.length === 0) throw invalidArgument("sections is empty; give at least one");
  for (const section of sections) checkSection(section);
  const widgets = sections.flatMap((section) => section.widgets ?? []);
  const metrics = widgets.reduce((sum, widget) => sum + widget.metrics.length, 0);
  // Each section has two widgets of its own, and the dashboard one.
  const count = widgets.length + 2 * sections.length + 1;
  if (count > QUOTAS.widgets || metrics > QUOTAS.metrics)
    throw invalidArgument(
      `sections has ${widgets.length} graphs with ${metrics} metrics; CloudWatch takes ${QUOTAS.widgets} widgets and ${QUOTAS.metrics} metrics: make two dashboards`,
      { widgets: widgets.length, metrics },
    );
  return tags;
}

function checkSection({ title, alarms = [], widgets = [] }: DashboardSection): void {
  if (title.trim() === "") throw invalidArgument("a section has no title; give it one");
  if (alarms.length + widgets.length === 0)
    throw invalidArgument(`The section "${title}" is empty; give it alarms or widgets, or leave it out`);
  if (alarms.length > QUOTAS.alarmsOfWidget)
    throw invalidArgument(
      `The section "${title}" has ${alarms.length} alarms; give at most ${QUOTAS.alarmsOfWidget}`,
    );
  for (const widget of widgets) {
    if (widget.metrics.length === 0 || widget.metrics.length > QUOTAS.metricsOfWidget)
      throw invalidArgument(
        `The graph "${widget.title}" has ${widget.metrics.length} metrics; give 1 to ${QUOTAS.metricsOfWidget}`,
      );
  }
}
