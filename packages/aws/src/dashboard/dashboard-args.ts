import type { Tags } from "@groundplane/contracts";
import type { AlarmRef } from "../composite-alarm/alarm-condition.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";

/** A part of a dashboard: a heading, its alarms, and its graphs. */
export interface DashboardSection {
  readonly title: string;
  /** Shown as lamps above the graphs; at most 100. @default [] */
  readonly alarms?: readonly AlarmRef[];
  /** Graphs, from left to right and from top to bottom: `service.widgets()`. @default [] */
  readonly widgets?: readonly DashboardWidget[];
}

export interface DashboardArgs {
  /** From top to bottom; each with at least one alarm or graph. */
  readonly sections: readonly DashboardSection[];
  /** Graphs beside each other. @default 3 */
  readonly columns?: 1 | 2 | 3 | 4;
  /** Below the title, in Markdown: links to the runbook and the logs. @default - nothing */
  readonly note?: string;
  /** How far back it opens. @minimum 1 @maximum 336 @default 3 */
  readonly hours?: number;
  /**
   * Up to 255 letters, digits, `-` and `_`, of its own in the account.
   *
   * @default - of the project, the stack and the name, since AWS generates none
   */
  readonly dashboardName?: string;
  /** Environment, Project, Owner and ManagedBy. AWS tags no dashboards, so that they are written below its title. */
  readonly tags: Tags;
}
