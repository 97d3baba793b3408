import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { VpcArgs } from "./vpc-args.ts";
import type { VpcPlan } from "./vpc-plan.ts";

/** What every part of the VPC is created from. */
export class VpcContext {
  readonly name: string;
  readonly args: VpcArgs;
  readonly plan: VpcPlan;
  readonly #parent: pulumi.ComponentResource;
  readonly #tags: Tags;

  constructor(name: string, parent: pulumi.ComponentResource, args: VpcArgs, plan: VpcPlan, tags: Tags) {
    this.name = name;
    this.args = args;
    this.plan = plan;
    this.#parent = parent;
    this.#tags = tags;
  }

  /** The name of a child. */
  child(role: string): string {
    return `${this.name}-${role}`;
  }

  /** The tags of a child. */
  tags(role: string, own: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { ...this.#tags, Name: this.child(role), ...own };
  }

  /** The options of a child that is created. */
  options(more: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this.#parent, ...more };
  }

  /**
   * The options of a child that may exist already. The engine changes what it imports to fit the program, and refuses
   * only a replacement; `differing` names the inputs that stay as they are until the adoption ends.
   */
  adopted(
    id: string | undefined,
    differing: readonly string[],
    more: pulumi.CustomResourceOptions = {},
  ): pulumi.CustomResourceOptions {
    const adoption = id === undefined ? {} : { import: id, ignoreChanges: [...differing] };
    return this.options({ ...more, ...adoption });
  }
}
