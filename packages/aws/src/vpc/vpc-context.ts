import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import type { VpcArgs } from "./vpc-args.ts";
import type { VpcPlan } from "./vpc-plan.ts";

/** What every part of the VPC is created from. */
export class VpcContext extends ComponentContext {
  readonly args: VpcArgs;
  readonly plan: VpcPlan;

  constructor(name: string, parent: pulumi.ComponentResource, args: VpcArgs, plan: VpcPlan, tags: Tags) {
    super(name, parent, tags);
    this.args = args;
    this.plan = plan;
  }
}
