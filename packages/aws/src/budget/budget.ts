import { invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { BudgetArgs } from "./budget-args.ts";
import { type CostAnomalies, watchAnomalies } from "./cost-anomalies.ts";

const DEFAULT_THRESHOLDS = [50, 80, 100];

/** The resources of a `Budget`. */
export interface BudgetNodes extends CostAnomalies {
  readonly budget: aws.budgets.Budget;
}

/**
 * A monthly budget that tells of what is spent, of what is forecast, and of what is spent unlike before.
 *
 * Creates, named `${name}-…`: `budget`; unless `anomalies` is "none" also `anomaly-monitor`, `anomaly-topic-subscription`
 * with a topic, and `anomaly-email-subscription` with addresses. None of it costs anything. It stops nothing.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Budget extends pulumi.ComponentResource {
  readonly budgetName: pulumi.Output<string>;
  readonly budgetArn: pulumi.Output<string>;
  readonly nodes: BudgetNodes;

  constructor(name: string, args: BudgetArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:Budget", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const budget = createBudget(context, args);
    this.nodes = { budget, ...watchAnomalies(context, args) };
    this.budgetName = budget.name;
    this.budgetArn = budget.arn;
    this.registerOutputs({ budgetName: this.budgetName, budgetArn: this.budgetArn });
  }
}

function validate(name: string, args: BudgetArgs): Tags {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkAmount("monthlyUsd", args.monthlyUsd, 1);
  const thresholds = args.thresholdsPercent ?? DEFAULT_THRESHOLDS;
  for (const threshold of thresholds) checkAmount("thresholdsPercent", threshold, 0.1);
  checkAmount("forecastPercent", args.forecastPercent, 0.1);
  // 10 notifications, one of which is the forecast's:
  // https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html
  if (thresholds.length < 1 || thresholds.length > 9)
    throw invalidArgument(`thresholdsPercent has ${thresholds.length} values; give 1 to 9`);
  const twice = thresholds.find((threshold, at) => thresholds.indexOf(threshold) !== at);
  if (twice !== undefined) throw invalidArgument(`thresholdsPercent has ${twice} twice; give it once`);
  checkEmails(args);
  const { costTag, anomalies = {} } = args;
  if (costTag !== undefined && (costTag.key.trim() === "" || costTag.value.trim() === ""))
    throw invalidArgument(`costTag is "${costTag.key}" = "${costTag.value}"; give a key and a value`);
  if (anomalies !== "none") checkAmount("anomalies.minimumUsd", anomalies.minimumUsd, 1);
  return tags;
}

function checkAmount(argument: string, amount: number | undefined, min: number): void {
  if (amount === undefined || (Number.isFinite(amount) && amount >= min && amount <= 1e9)) return;
  throw invalidArgument(`${argument} is ${amount}; give a number from ${min} on`, {
    argument,
    value: amount,
  });
}

function checkEmails({ emails = [], topic }: BudgetArgs): void {
  if (emails.length === 0 && topic === undefined)
    throw invalidArgument("neither emails nor topic is given; a budget that tells nobody is of no use");
  if (emails.length > 10)
    throw invalidArgument(
      `emails has ${emails.length} addresses; AWS takes 10: give a topic, or a list's address`,
    );
  const wrong = emails.find((email) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email));
  if (wrong !== undefined)
    throw invalidArgument(`emails has "${wrong}"; give addresses such as ops@example.com`);
}

function createBudget(context: ComponentContext, args: BudgetArgs): aws.budgets.Budget {
  const { monthlyUsd, thresholdsPercent = DEFAULT_THRESHOLDS, forecastPercent = 100, costTag } = args;
  const notify = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberEmailAddresses: (args.emails ?? []).toSorted(),
    subscriberSnsTopicArns: args.topic === undefined ? [] : [args.topic.topicArn],
  });
  return new aws.budgets.Budget(
    context.child("budget"),
    {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      // A credit would hide what is spent until it is used up.
      costTypes: { includeCredit: false, includeRefund: false },
      ...(costTag !== undefined && {
        costFilters: [{ name: "TagKeyValue", values: [`user:${costTag.key}$${costTag.value}`] }],
      }),
      notifications: [
        ...thresholdsPercent.toSorted((a, b) => a - b).map((percent) => notify("ACTUAL", percent)),
        notify("FORECASTED", forecastPercent),
      ],
      tags: context.tags("budget"),
    },
    context.options(),
  );
}
