import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { Dashboard } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboard-args.ts";
import { layOutDashboard } from "./dashboard-layout.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const graph = (title: string) => ({
  title,
  metrics: [{ namespace: "AWS/SNS", metric: "Sent", dimensions: { TopicName: "on-call", Region: "all" } }],
});
const create = (args: Partial<DashboardArgs>) =>
  record(
    (options) =>
      new Dashboard(
        "shop",
        { sections: [{ title: "Alerts", widgets: [graph("Sent")] }], tags, ...args },
        options,
      ),
  );

describe("Dashboard", () => {
  test("writes what CloudWatch reads", async () => {
    const { resources } = await create({
      sections: [{ title: "Alerts", alarms: [{ arn: "arn:alarm" }], widgets: [graph("Sent")] }],
      note: "Runbook",
      columns: 2,
    });
    const inputs = resources.find(({ name }) => name === "shop-dashboard")?.inputs;
    expect(inputs?.["dashboardName"]).toBe("project-stack-shop");
    expect(JSON.parse(String(inputs?.["dashboardBody"]))).toEqual({
      start: "-PT3H",
      widgets: [
        {
          type: "text",
          ...{ x: 0, y: 0, width: 24, height: 3 },
          properties: { markdown: "# shop\nshop · prod · of platform\n\nRunbook", background: "transparent" },
        },
        {
          type: "text",
          ...{ x: 0, y: 3, width: 24, height: 1 },
          properties: { markdown: "## Alerts", background: "transparent" },
        },
        {
          type: "alarm",
          ...{ x: 0, y: 4, width: 24, height: 2 },
          properties: { title: "Alarms", alarms: ["arn:alarm"] },
        },
        {
          type: "metric",
          ...{ x: 0, y: 6, width: 12, height: 6 },
          properties: {
            title: "Sent",
            region: "eu-central-1",
            view: "timeSeries",
            stacked: false,
            period: 60,
            yAxis: { left: { min: 0 } },
            metrics: [
              [
                "AWS/SNS",
                "Sent",
                "TopicName",
                "on-call",
                "Region",
                "all",
                { stat: "Average", label: "Sent" },
              ],
            ],
          },
        },
      ],
    });
  });

  test.each<[Partial<DashboardArgs>, string]>([
    [{ sections: [] }, "sections is empty"],
    [{ sections: [{ title: " ", widgets: [graph("a")] }] }, "no title"],
    [{ sections: [{ title: "Orders" }] }, 'The section "Orders" is empty'],
    [
      { sections: [{ title: "Orders", widgets: [{ title: "None", metrics: [] }] }] },
      'The graph "None" has 0 metrics',
    ],
    [{ sections: [{ title: "Many", widgets: Array.from({ length: 500 }, () => graph("a")) }] }, "500 graphs"],
    [{ hours: 0 }, "hours is 0"],
    [{ dashboardName: "a b" }, 'dashboardName is "a b"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});

describe("layOutDashboard", () => {
  const sections = fc.array(
    fc.record({ graphs: fc.integer({ min: 0, max: 9 }), alarms: fc.integer({ min: 0, max: 2 }) }),
    { maxLength: 6 },
  );

  test("keeps everything on the grid, in its order, with nothing on top of another", () => {
    fc.assert(
      fc.property(sections, fc.constantFrom(1, 2, 3, 4), (given, columns) => {
        const placed = layOutDashboard(
          "# shop",
          given.map(({ graphs, alarms }, at) => ({
            title: String(at),
            alarms: Array.from({ length: alarms }, () => ({ arn: "arn" })),
            widgets: Array.from({ length: graphs }, (_, graphAt) => graph(`${at}.${graphAt}`)),
          })),
          columns,
        );
        const cells = placed.flatMap(({ x, y, width, height }) =>
          Array.from(
            { length: width * height },
            (_, at) => `${x + (at % width)},${y + Math.floor(at / width)}`,
          ),
        );
        expect(new Set(cells).size).toBe(cells.length);
        for (const { x, width } of placed) {
          expect(Number.isInteger(x) && Number.isInteger(width)).toBe(true);
          expect(x + width).toBeLessThanOrEqual(24);
        }
        const order = placed.map(({ x, y }) => y * 24 + x);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        const titles = placed.flatMap(({ item }) => (item.kind === "graph" ? [item.widget.title] : []));
        expect(titles).toEqual(
          given.flatMap(({ graphs }, at) =>
            Array.from({ length: graphs }, (_, graphAt) => `${at}.${graphAt}`),
          ),
        );
      }),
    );
  });
});
