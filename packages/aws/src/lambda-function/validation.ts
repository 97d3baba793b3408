import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import { LAMBDA_FUNCTION_ALARMS } from "./function-alarms.ts";
import { checkCode } from "./function-code.ts";
import {
  LAMBDA_FUNCTION_PRESETS,
  type LambdaFunctionArgs,
  type LambdaFunctionSize,
} from "./lambda-function-args.ts";

/** The bounds are Lambda's: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export function validate(name: string, args: LambdaFunctionArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(LAMBDA_FUNCTION_PRESETS, args.preset);
  const size: LambdaFunctionSize = {
    memoryMiB: args.memoryMiB ?? row.memoryMiB,
    timeoutSeconds: args.timeoutSeconds ?? row.timeoutSeconds,
    logRetentionDays: args.logRetentionDays ?? row.logRetentionDays,
  };
  checkCode(args.code);
  checkWhole("memoryMiB", size.memoryMiB, 128, 10_240);
  checkWhole("timeoutSeconds", size.timeoutSeconds, 1, 900);
  checkRetention("logRetentionDays", size.logRetentionDays);
  checkWhole("temporaryStorageMiB", args.temporaryStorageMiB, 512, 10_240);
  checkWhole("reservedConcurrency", args.reservedConcurrency, 0, 100_000);
  checkWhole("retries", args.retries, 0, 2);
  checkWhole("maximumEventAgeSeconds", args.maximumEventAgeSeconds, 60, 21_600);
  checkWhole("deadLetterDays", args.deadLetterDays, 1, 14);
  checkOneOf("architecture", args.architecture, ["arm64", "x86_64"]);
  checkOneOf("vpc.tier", args.vpc?.tier, ["private", "isolated"]);
  openingTag("anywhere", args.vpc?.reachAnywhere);
  if (args.vpc?.reachAnywhere !== undefined && args.vpc.securityGroupIds !== undefined)
    throw invalidArgument(
      "vpc.reachAnywhere opens a group of its own; leave it out where securityGroupIds are given",
    );
  if (args.vpc?.securityGroupIds?.length === 0)
    throw invalidArgument("vpc.securityGroupIds is empty; list one, or leave it out and have one made");
  checkNames(args);
  checkTraffic(args);
  checkAlarms(LAMBDA_FUNCTION_ALARMS, args.alarms);
  return { tags, size };
}

function checkNames({
  functionName,
  aliasName = "live",
  environment = {},
  invokers = {},
}: LambdaFunctionArgs) {
  if (functionName !== undefined && !/^[\w-]{1,64}$/.test(functionName))
    throw invalidArgument(`functionName is "${functionName}"; give 1 to 64 letters, digits, dashes and _`, {
      functionName,
    });
  // An alias may not be a number: that is a version.
  if (!/^(?!\d+$)[\w-]{1,128}$/.test(aliasName))
    throw invalidArgument(`aliasName is "${aliasName}"; give 1 to 128 letters, digits, dashes and _`, {
      aliasName,
    });
  for (const key of Object.keys(environment))
    if (!/^[A-Za-z]\w+$/.test(key))
      throw invalidArgument(`environment has "${key}"; a variable is letters, digits and _, a letter first`, {
        variable: key,
      });
  for (const [key, { service }] of Object.entries(invokers)) {
    if (!/^[a-z](-?[a-z0-9])*$/.test(key))
      throw invalidArgument(`invokers has "${key}"; give a name of lower-case letters, digits and dashes`, {
        invoker: key,
      });
    if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(service))
      throw invalidArgument(
        `invokers.${key}.service is "${service}"; give one such as events.amazonaws.com`,
        {
          service,
        },
      );
  }
}

function checkTraffic({ version, traffic }: LambdaFunctionArgs): void {
  for (const [argument, given] of [
    ["version", version],
    ["traffic.version", traffic?.version],
  ] as const)
    if (given !== undefined && !/^[1-9]\d*$/.test(given))
      throw invalidArgument(`${argument} is "${given}"; give the number of a published version`, {
        [argument]: given,
      });
  if (traffic === undefined) return;
  if (!(traffic.weight >= 0 && traffic.weight <= 1))
    throw invalidArgument(`traffic.weight is ${traffic.weight}; give a part of the whole, from 0 to 1`, {
      weight: traffic.weight,
    });
  if (traffic.version === version)
    throw invalidArgument(`traffic.version and version are both "${version}"; give two, or no traffic`);
}
