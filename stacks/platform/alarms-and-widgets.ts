import { z } from "zod";

const metricSchema = z.object({
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string().exactOptional(),
  label: z.string().exactOptional(),
});

/** Graphs that a stack hands on to the one that shows them: `DashboardWidget`s, with what was not known then. */
export const widgetsSchema = z.array(
  z.object({
    title: z.string(),
    metrics: z.array(metricSchema),
    periodSeconds: z.number().exactOptional(),
    min: z.number().exactOptional(),
  }),
);

/** ARNs of the alarms that a stack hands on, by name. */
export const alarmsSchema = z.record(z.string(), z.string());
