import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";

/** What the children of a component are created with. */
export class ComponentContext {
  readonly name: string;
  readonly #parent: pulumi.ComponentResource;
  readonly #tags: Tags;

  constructor(name: string, parent: pulumi.ComponentResource, tags: Tags) {
    this.name = name;
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

  /** The options of a lookup, which then uses the component's provider. */
  lookup(): pulumi.InvokeOutputOptions {
    return { parent: this.#parent };
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
