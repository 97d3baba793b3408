import type { BudgetForecast, ChangeSet, RunCost } from "@groundplane/contracts";
import { estimate, isMoved, listPrices } from "@groundplane/cost";
import { settingOf } from "../engine/work-folder.ts";
import type { RunContext } from "../pipeline/run-context.ts";
import { costOfStack, forecastBudget, type StackCost } from "./budget-forecast.ts";

/** What of a run's context the budget is asked with. */
export interface Costed {
  readonly run: Pick<RunContext["run"], "id" | "record" | "ofOtherStack">;
  readonly stack: Pick<RunContext["stack"], "name">;
  readonly environment: Pick<RunContext["environment"], "name" | "budget" | "strict">;
  readonly project: { readonly stacks: ReadonlyMap<string, unknown> };
}

function othersOf({ run, stack, project }: Costed): readonly StackCost[] {
  return [...project.stacks.keys()]
    .filter((name) => name !== stack.name)
    .flatMap(
      (name) =>
        costOfStack(
          name,
          run.ofOtherStack(name).map(({ record }) => record),
        ) ?? [],
    );
}

/** Undefined for an environment without a budget. */
export function budgetOf(
  context: Costed,
  { estimate: found, problem }: Pick<RunCost, "estimate" | "problem">,
): BudgetForecast | undefined {
  const { budget, strict } = context.environment;
  if (budget === undefined) return undefined;
  const own = { stack: context.stack.name, run: context.run.id, estimate: found, problem };
  return forecastBudget({ budget, strict, own, others: othersOf(context) });
}

function estimated(context: RunContext, changeSet: ChangeSet): Pick<RunCost, "estimate" | "problem"> {
  const { stack, files, settings, environment } = context;
  try {
    const region = settingOf(stack, files, settings, "aws:region");
    return {
      estimate: estimate(changeSet, listPrices(), {
        ...(environment.cost === undefined ? {} : { assumptions: environment.cost.assumptions }),
        ...(typeof region === "string" ? { region } : {}),
      }),
    };
  } catch (error) {
    // It must not stop a change by itself; where there is a budget, the brake holds.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What the change costs, and what the environment's budget says to it. */
export function estimateCost(context: RunContext, changeSet: ChangeSet): RunCost {
  const found = estimated(context, changeSet);
  const budget = budgetOf(context, found);
  return { ...found, ...(budget === undefined ? {} : { budget }) };
}

/** As the run's record has it: what stays as it is, is told by the run's file alone. */
export function recordedCost(cost: RunCost): RunCost {
  if (cost.estimate === undefined) return cost;
  return { ...cost, estimate: { ...cost.estimate, items: cost.estimate.items.filter(isMoved) } };
}
