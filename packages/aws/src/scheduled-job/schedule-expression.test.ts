import { describe, expect, test } from "vitest";
import { checkSchedule, checkTimeZone } from "./schedule-expression.ts";

describe("when a job runs", () => {
  test.each([
    "rate(1 minute)",
    "rate(15 minutes)",
    "rate(1 day)",
    "cron(0 3 * * ? *)",
    "cron(0/15 8-18 ? * MON-FRI *)",
    "cron(0 9 ? * 2#1 2027)",
    "cron(0 9 L * ? *)",
    "at(2027-01-31T03:00:00)",
  ])("may be %s", (expression) => expect(() => checkSchedule(expression)).not.toThrow());

  test.each([
    ["rate(1 minutes)", "singular"],
    ["rate(5 minute)", "plural"],
    ["rate(0 minutes)", "give rate(5 minutes)"],
    ["cron(0 3 * * *)", "six fields"],
    ["cron(0 3 * * * *)", "one of day and weekday is ?"],
    ["cron(0 3 ? * ? *)", "one of day and weekday is ?"],
    ["at(2027-13-31T03:00:00)", "no such time"],
    ["0 3 * * *", "give rate(5 minutes)"],
    ["", "give rate(5 minutes)"],
  ])("fails when it is %j", (expression, remedy) => expect(() => checkSchedule(expression)).toThrow(remedy));

  test("is in a time zone that exists", () => {
    expect(() => checkTimeZone("Europe/Berlin")).not.toThrow();
    expect(() => checkTimeZone("Europe/Bärlin")).toThrow('timeZone is "Europe/Bärlin"');
  });
});
