import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { planRules, type RulePlan, refuseTwice } from "./rule-plan.ts";
import type { EgressRule, IngressRule, SecurityGroupArgs, SecurityGroupPeer } from "./security-group-args.ts";

/** The resources of a `SecurityGroup`. */
export interface SecurityGroupNodes {
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** By role: `in-tcp-443-vpc`. */
  readonly ingress: ReadonlyMap<string, aws.vpc.SecurityGroupIngressRule>;
  /** By role: `out-tcp-5432-orders-db`. */
  readonly egress: ReadonlyMap<string, aws.vpc.SecurityGroupEgressRule>;
}

/**
 * A security group that lets through what is named, and nothing else.
 *
 * Creates, named `${name}-…`: `group`, and for each rule a child named after what it lets through:
 * `in-tcp-443-vpc`, `out-tcp-5432-orders-db`. Costs nothing.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_CIDR} a block is malformed.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class SecurityGroup extends pulumi.ComponentResource implements SecurityGroupPeer {
  readonly securityGroupId: pulumi.Output<string>;
  readonly securityGroupArn: pulumi.Output<string>;
  readonly #context: ComponentContext;
  readonly #vpcBlock: pulumi.Input<string>;
  readonly #group: aws.ec2.SecurityGroup;
  readonly #ingress = new Map<string, aws.vpc.SecurityGroupIngressRule>();
  readonly #egress = new Map<string, aws.vpc.SecurityGroupEgressRule>();
  readonly nodes: SecurityGroupNodes;

  constructor(name: string, args: SecurityGroupArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, rules } = validateAndPlan(name, args);
    super("groundplane:aws:SecurityGroup", name, {}, options);

    this.#context = new ComponentContext(name, this, tags);
    this.#vpcBlock = args.vpc.cidrBlock;
    this.#group = createGroup(this.#context, args);
    this.#create(rules);
    this.nodes = { securityGroup: this.#group, ingress: this.#ingress, egress: this.#egress };
    this.securityGroupId = this.#group.id;
    this.securityGroupArn = this.#group.arn;
    this.registerOutputs({ securityGroupId: this.securityGroupId, securityGroupArn: this.securityGroupArn });
  }

  /** What it is called in the rules of others. */
  get name(): string {
    return this.#context.name;
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly securityGroupId: pulumi.Output<string> } {
    return { securityGroupId: this.securityGroupId };
  }

  /**
   * Adds a rule, for two groups that name each other.
   *
   * @throws {INVALID_ARGUMENT} the rule is not valid, or there already.
   */
  allowFrom(rule: IngressRule): void {
    this.#create(planRules([rule], [], this.#vpcBlock));
  }

  /**
   * Adds a rule, for two groups that name each other.
   *
   * @throws {INVALID_ARGUMENT} the rule is not valid, or there already.
   */
  allowTo(rule: EgressRule): void {
    this.#create(planRules([], [rule], this.#vpcBlock));
  }

  #create(rules: readonly RulePlan[]): void {
    refuseTwice([...this.#ingress.keys(), ...this.#egress.keys(), ...rules.map(({ role }) => role)]);
    for (const rule of rules) {
      const [name, inputs, options] = this.#inputsOf(rule);
      if (rule.direction === "in")
        this.#ingress.set(rule.role, new aws.vpc.SecurityGroupIngressRule(name, inputs, options));
      else this.#egress.set(rule.role, new aws.vpc.SecurityGroupEgressRule(name, inputs, options));
    }
  }

  #inputsOf({ role, description, ports, end, opening }: RulePlan) {
    const context = this.#context;
    const { id } = this.#group;
    const inputs = {
      securityGroupId: id,
      description,
      ...ports,
      ...(end === "self" ? { referencedSecurityGroupId: id } : end),
      tags: context.tags(role, opening),
    };
    return [context.child(role), inputs, context.options()] as const;
  }
}

function validateAndPlan(name: string, args: SecurityGroupArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const { description, adopt } = args;
  // EC2 API reference, CreateSecurityGroup.
  if (description !== undefined && !/^[\w .\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(description))
    throw invalidArgument(
      `description is "${description}"; give 1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *`,
      { description },
    );
  if (adopt !== undefined && !/^sg-[0-9a-f]{8,17}$/.test(adopt.securityGroupId))
    throw invalidArgument(
      `adopt.securityGroupId is "${adopt.securityGroupId}"; give an id such as sg-0a1b2c3d`,
      {
        securityGroupId: adopt.securityGroupId,
      },
    );
  return { tags, rules: planRules(args.ingress ?? [], args.egress ?? [], args.vpc.cidrBlock) };
}

function createGroup(context: ComponentContext, args: SecurityGroupArgs): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    context.child("group"),
    {
      vpcId: args.vpc.vpcId,
      description: args.description ?? `Traffic of ${context.name}`,
      tags: context.tags("group"),
    },
    context.adopted(args.adopt?.securityGroupId, ["name", "description", "tags"]),
  );
}
