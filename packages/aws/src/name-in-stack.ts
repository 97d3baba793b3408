import * as pulumi from "@pulumi/pulumi";

/**
 * The name of a resource whose type takes no generated one: of the project, the stack and the child, so that the
 * stacks of an account do not meet. Changing it replaces the resource.
 */
export function nameInStack(child: string): string {
  return [pulumi.getProject(), pulumi.getStack(), child].join("-").replaceAll(/[^\w-]+/g, "-");
}
