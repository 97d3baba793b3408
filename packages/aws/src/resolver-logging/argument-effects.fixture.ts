import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { ResolverLogging } from "./resolver-logging.ts";
import type { ResolverLoggingArgs } from "./resolver-logging-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const main = { vpcId: "vpc-1" };
const arn = "arn:aws:logs:eu-central-1:123456789012:log-group";

/** The table of docs/resolver-logging.md. */
export const argumentEffects: ArgumentEffects<ResolverLoggingArgs> = {
  base: { vpcs: { main }, logGroup: { logGroupArn: `${arn}:dns` }, tags },
  create: (args, options) => new ResolverLogging("unit", args, options),
  untaggable: ["aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"],
  changes: {
    vpcs: [
      { to: { main, tools: { vpcId: "vpc-2" } }, effect: { creates: ["tools-association"] } },
      { to: { main: { vpcId: "vpc-2" } }, effect: { replaces: ["main-association"] } },
      { to: {}, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    logGroup: { to: { logGroupArn: `${arn}:audit` }, effect: { replaces: ["config"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["config"] } },
  },
};
