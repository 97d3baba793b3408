import {
  type ChangeSet,
  GroundplaneError,
  jsonValueSchema,
  type PropertyChange,
} from "@groundplane/contracts";
import { z } from "zod";
import { maskEngineValue } from "../engine/mask.ts";
import { STACK_TYPE } from "./change-set.ts";

const values = z.record(z.string(), jsonValueSchema).nullish();

const planSchema = z.looseObject({
  resourcePlans: z.record(
    z.string(),
    z.looseObject({
      goal: z
        .looseObject({
          type: z.string(),
          outputDiff: z
            .looseObject({ adds: values, updates: values, deletes: z.array(z.string()).nullish() })
            .nullish(),
        })
        .nullish(),
    }),
  ),
});

/**
 * The change set with the outputs that the plan says change. In the engine's events two secrets look alike, so a
 * change of nothing but a secret output shows in the plan alone.
 *
 * @throws {ENGINE_FAILED} when the plan has not the form of Pulumi's.
 */
export function withPlannedOutputs(changeSet: ChangeSet, plan: string): ChangeSet {
  const parsed = planSchema.safeParse(JSON.parse(plan));
  if (!parsed.success) {
    throw new GroundplaneError(
      "ENGINE_FAILED",
      `the saved plan has not the form that this version knows: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}. Nothing was changed.`,
      { facts: { stack: changeSet.stack } },
    );
  }
  const goals = Object.values(parsed.data.resourcePlans).map(({ goal }) => goal);
  const diff = goals.find((goal) => goal?.type === STACK_TYPE)?.outputDiff ?? {};
  const known = new Set(changeSet.outputs.map(({ path }) => path));
  const told: readonly PropertyChange[] = [
    ...Object.entries(diff.adds ?? {}).map(([path, after]) => ({
      path,
      kind: "add" as const,
      after: maskEngineValue(after),
      replaces: false,
    })),
    ...Object.entries(diff.updates ?? {}).map(([path, after]) => ({
      path,
      kind: "update" as const,
      before: maskEngineValue(after),
      after: maskEngineValue(after),
      replaces: false,
    })),
    ...(diff.deletes ?? []).map((path) => ({ path, kind: "delete" as const, replaces: false })),
  ].filter(({ path }) => !known.has(path));
  if (told.length === 0) return changeSet;
  const outputs = [...changeSet.outputs, ...told].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...changeSet, outputs };
}
