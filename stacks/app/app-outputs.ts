import { alarmsSchema, widgetsSchema } from "@groundplane/stack-platform/alarms-and-widgets";
import { z } from "zod";

export const appOutputs = z.object({
  url: z.url(),
  clusterName: z.string(),
  serviceName: z.string(),
  minTasks: z.number().int().min(1),
  widgets: widgetsSchema,
  alarms: alarmsSchema,
});
