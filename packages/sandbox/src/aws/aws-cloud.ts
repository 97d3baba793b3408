import { join } from "node:path";
import type { JsonValue } from "@groundplane/contracts";
import { isObject, type Properties } from "@groundplane/provider";
import { SANDBOX_ACCOUNT } from "../marks.ts";
import type { Cloud, CloudSettings, TypeRule } from "../provider/cloud.ts";
import { acmRules } from "./acm.ts";
import { computedOutput, newId } from "./computed.ts";
import { containerRules } from "./containers.ts";
import { databaseRules } from "./databases.ts";
import { endpointRules } from "./ec2/endpoint.ts";
import { gatewayRules } from "./ec2/gateway.ts";
import { routeRules } from "./ec2/route.ts";
import { securityRules } from "./ec2/security.ts";
import { vpcRules } from "./ec2/vpc.ts";
import { functions } from "./functions.ts";
import { iamRules } from "./iam.ts";
import { logAndKeyRules } from "./logs-and-keys.ts";
import { deletion, inUse, notFound } from "./references.ts";
import { BY_TYPE, EVERYWHERE } from "./replacements.ts";
import { s3Rule } from "./s3.ts";
import { allTags, withDefaultTags } from "./tags.ts";

const RULES: Readonly<Record<string, TypeRule>> = {
  ...{ ...vpcRules, ...gatewayRules, ...routeRules, ...securityRules, ...endpointRules },
  ...{ ...iamRules, ...logAndKeyRules, ...databaseRules, ...containerRules, ...acmRules },
};
const NO_RULE: TypeRule = {};

/** Lengths of names that AWS limits below 128 (each service's API reference), and names in lower case. */
const NAME_LIMITS: Readonly<Record<string, { readonly maxLength: number; readonly lowerCase: boolean }>> = {
  "aws:s3/bucket:Bucket": { maxLength: 63, lowerCase: true },
  "aws:iam/role:Role": { maxLength: 64, lowerCase: false },
  "aws:lb/loadBalancer:LoadBalancer": { maxLength: 32, lowerCase: false },
  "aws:alb/loadBalancer:LoadBalancer": { maxLength: 32, lowerCase: false },
  "aws:lb/targetGroup:TargetGroup": { maxLength: 32, lowerCase: false },
  "aws:alb/targetGroup:TargetGroup": { maxLength: 32, lowerCase: false },
  "aws:rds/subnetGroup:SubnetGroup": { maxLength: 255, lowerCase: true },
};

/** AWS, as `@pulumi/aws` shows it. */
export const awsCloud: Cloud = {
  name: "aws",
  catalogFile: join(import.meta.dirname, "..", "..", "generated", "aws.catalog"),
  movesWith: ["region"],
  settings,
  rule: (type) => RULES[type] ?? s3Rule(type) ?? NO_RULE,
  replaces: (type, property) => {
    const rule = RULES[type];
    if (rule?.replaces?.[property] !== undefined) return true;
    if (rule?.updates?.[property] !== undefined) return false;
    return BY_TYPE[type]?.[property]?.replaces ?? EVERYWHERE[property]?.replaces;
  },
  autoname: (type) =>
    // Its name must begin with alias/, and the default group's is given.
    type === "aws:kms/alias:Alias" || /:Default\w+$/.test(type) || /^aws:s3\/bucket\w+:/.test(type)
      ? undefined
      : (NAME_LIMITS[type] ?? { maxLength: 128, lowerCase: false }),
  complete: withDefaultTags,
  newId,
  planned: (inputs, resource, { region }) => ({
    ...allTags(inputs, resource),
    ...(resource.outputs["region"] !== undefined ? { region: inputs["region"] ?? region } : {}),
  }),
  computed: (context, name, resource) => computedOutput(context, name, resource, awsCloud.rule(context.type)),
  notFound,
  deletion,
  inUse,
  invoke: (token, args, defaults, view) => {
    const region = typeof args["region"] === "string" ? args["region"] : defaults.region;
    return functions[token]?.(args, { ...defaults, region }, view);
  },
};

function settings(config: Properties): CloudSettings {
  const region = parsed(config["region"]);
  const defaultTags = parsed(config["defaultTags"]);
  const tags = isObject(defaultTags) && isObject(defaultTags["tags"]) ? defaultTags["tags"] : {};
  return {
    account: SANDBOX_ACCOUNT,
    region: typeof region === "string" && region !== "" ? region : regionOfEnvironment(),
    place: "",
    defaultTags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
  };
}

/** As AWS's own tools; us-east-1 where nothing says otherwise, since a laptop without an account has no region set. */
function regionOfEnvironment(): string {
  return process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1";
}

/** The SDK sends nested provider config as JSON text. */
function parsed(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "string" || !/^\s*[{["]/.test(value)) return value;
  try {
    const inner: JsonValue = JSON.parse(value);
    return inner;
  } catch {
    return value;
  }
}
