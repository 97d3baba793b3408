import type { TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";

/** Each registration is the next revision of its family. */
const taskDefinition: TypeRule = {
  id: ({ type, inputs, settings, view }) => {
    const family = `arn:aws:ecs:${settings.region}:${settings.account}:task-definition/${text(inputs, "family") ?? ""}`;
    const revisions = view
      .list(type)
      .filter(({ outputs }) => outputs["arnWithoutRevision"] === family)
      .map(({ outputs }) => Number(outputs["revision"]));
    return `${family}:${Math.max(0, ...revisions) + 1}`;
  },
  outputs: ({ id }) => ({
    arnWithoutRevision: id.replace(/:\d+$/, ""),
    revision: Number(/\d+$/.exec(id)?.[0] ?? 1),
  }),
};

/** The end of the ARN that metrics are named by: `app/orders/1a2b3c4d`, `targetgroup/orders/1a2b3c4d`. */
const balanced: TypeRule = {
  outputs: ({ id }) => ({ arnSuffix: (id.split(":").at(-1) ?? "").replace(/^loadbalancer\//, "") }),
};

export const containerRules: Readonly<Record<string, TypeRule>> = {
  "aws:ecs/taskDefinition:TaskDefinition": taskDefinition,
  "aws:lb/loadBalancer:LoadBalancer": balanced,
  "aws:lb/targetGroup:TargetGroup": balanced,
};
