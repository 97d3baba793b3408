import { defineRule } from "@groundplane/policy";
import type { cloudwatch } from "@pulumi/aws";
import type { Unwrap } from "@pulumi/pulumi";

/** Longest time, in days, that the example's company keeps its logs. */
const LONGEST_DAYS = 365;

export const logRetention = defineRule<Unwrap<cloudwatch.LogGroupArgs>>({
  id: "log-retention",
  title: "Log groups say how long they keep their logs",
  severity: "medium",
  why: "Without a limit logs are kept and paid for for ever, and so is whatever personal data is in them.",
  remedy: `Set retentionInDays to ${LONGEST_DAYS} or less.`,
  source: "Data protection handbook, section 3",
  appliesTo: ["aws:cloudwatch/logGroup:LogGroup"],
  // props is typed as the arguments of aws.cloudwatch.LogGroup; the import above leaves no trace at run time.
  check({ props }, report) {
    const days = props.retentionInDays ?? 0;
    if (days === 0) report("retentionInDays is not set, so logs are kept for ever");
    else if (days > LONGEST_DAYS) report(`retentionInDays is ${days}`);
  },
});
