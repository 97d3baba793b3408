import { CompositeAlarm, Dashboard } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import app from "@groundplane/stack-app";
import data from "@groundplane/stack-data";
import platform from "@groundplane/stack-platform";
import { z } from "zod";

const alarmsOf = (arns: Readonly<Record<string, string>>) => Object.values(arns).map((arn) => ({ arn }));

/** One dashboard for the environment, and one alarm that says that it does not serve. */
export default defineStack({
  name: "monitoring",
  config: z.object({ preset: z.enum(["dev", "staging", "prod"]) }),
  outputs: z.object({ dashboardName: z.string(), alarmArn: z.string() }),
  dependsOn: { platform, data, app },
  program: ({ tags, environment, upstream }) => {
    const service = alarmsOf(upstream.app.alarms);
    const databases = alarmsOf(upstream.data.alarms);
    const down = new CompositeAlarm("not-serving", {
      when: { any: service },
      description: `The shop of ${environment} does not serve as it should: look at its dashboard first.`,
      topic: { topicArn: upstream.platform.topicArn },
      tags,
    });
    const dashboard = new Dashboard("overview", {
      note: `[${upstream.app.url}](${upstream.app.url})`,
      sections: [
        { title: "Service", alarms: service, widgets: upstream.app.widgets },
        { title: "Data", alarms: databases, widgets: upstream.data.widgets },
      ],
      tags,
    });
    return { dashboardName: dashboard.dashboardName, alarmArn: down.arn };
  },
});
