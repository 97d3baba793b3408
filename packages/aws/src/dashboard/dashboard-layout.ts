import type { AlarmRef } from "../composite-alarm/alarm-condition.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { DashboardSection } from "./dashboard-args.ts";

/** CloudWatch user guide, "Dashboard body structure and syntax": the grid has 24 columns. */
const GRID_COLUMNS = 24;
const HEIGHTS = { text: 1, heading: 3, alarms: 2, graph: 6 } as const;

/** What stands somewhere on a dashboard. */
export type DashboardItem =
  | { readonly kind: "text"; readonly markdown: string }
  | { readonly kind: "alarms"; readonly alarms: readonly AlarmRef[] }
  | { readonly kind: "graph"; readonly widget: DashboardWidget };

export interface PlacedItem {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly item: DashboardItem;
}

/** Puts a heading, and below it section by section title, alarms and graphs, on the grid. Pure. */
export function layOutDashboard(
  heading: string,
  sections: readonly DashboardSection[],
  columns: number,
): readonly PlacedItem[] {
  const placed: PlacedItem[] = [];
  let y = 0;
  const row = (item: DashboardItem, height: number): void => {
    placed.push({ x: 0, y, width: GRID_COLUMNS, height, item });
    y += height;
  };
  const width = GRID_COLUMNS / columns;
  row({ kind: "text", markdown: heading }, HEIGHTS.heading);
  for (const { title, alarms = [], widgets = [] } of sections) {
    row({ kind: "text", markdown: `## ${title}` }, HEIGHTS.text);
    if (alarms.length > 0) row({ kind: "alarms", alarms }, HEIGHTS.alarms);
    for (const [at, widget] of widgets.entries()) {
      placed.push({
        x: (at % columns) * width,
        y: y + Math.floor(at / columns) * HEIGHTS.graph,
        width,
        height: HEIGHTS.graph,
        item: { kind: "graph", widget },
      });
    }
    y += Math.ceil(widgets.length / columns) * HEIGHTS.graph;
  }
  return placed;
}
