import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { ResolverLoggingArgs } from "./resolver-logging-args.ts";

/** The resources of a `ResolverLogging`. */
export interface ResolverLoggingNodes {
  readonly config: aws.route53.ResolverQueryLogConfig;
  /** By the name of the VPC. */
  readonly associations: ReadonlyMap<string, aws.route53.ResolverQueryLogConfigAssociation>;
}

/** Route 53 developer guide, "Quotas on Route 53 Resolver": VPCs of a query logging configuration. */
const MAX_VPCS = 100;

/**
 * The DNS queries of VPCs, written to a log group.
 *
 * Creates, named `${name}-…`: `config`, and for each VPC `${its name}-association`. Its cost is that of the logs.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class ResolverLogging extends pulumi.ComponentResource {
  readonly queryLogConfigId: pulumi.Output<string>;
  readonly queryLogConfigArn: pulumi.Output<string>;
  readonly nodes: ResolverLoggingNodes;

  constructor(name: string, args: ResolverLoggingArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:ResolverLogging", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const config = new aws.route53.ResolverQueryLogConfig(
      context.child("config"),
      { destinationArn: args.logGroup.logGroupArn, tags: context.tags("config") },
      context.options(),
    );
    const associations = Object.entries(args.vpcs).map(
      ([vpc, { vpcId }]) =>
        [
          vpc,
          new aws.route53.ResolverQueryLogConfigAssociation(
            context.child(`${vpc}-association`),
            { resolverQueryLogConfigId: config.id, resourceId: vpcId },
            context.options(),
          ),
        ] as const,
    );
    this.nodes = { config, associations: new Map(associations) };
    this.queryLogConfigId = config.id;
    this.queryLogConfigArn = config.arn;
    const { queryLogConfigId, queryLogConfigArn } = this;
    this.registerOutputs({ queryLogConfigId, queryLogConfigArn });
  }
}

function validate(name: string, { vpcs, tags }: ResolverLoggingArgs) {
  checkComponentName(name);
  const parsed = parseComponentTags(tags);
  const names = Object.keys(vpcs);
  if (names.length === 0 || names.length > MAX_VPCS)
    throw invalidArgument(`vpcs has ${names.length} VPCs; give 1 to ${MAX_VPCS}`);
  const wrong = names.find((vpc) => !/^[a-z](-?[a-z0-9])*$/.test(vpc));
  if (wrong !== undefined)
    throw invalidArgument(
      `"${wrong}" cannot name a VPC here: use lower-case letters, digits and single dashes, a letter first`,
      { name: wrong },
    );
  return parsed;
}
