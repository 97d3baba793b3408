import type { JsonValue } from "@groundplane/contracts";
import type { Properties } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";
import type { SandboxResource } from "../store/store.ts";
import type { Replaces } from "./diff.ts";

/** What a provider was configured with. */
export interface CloudSettings {
  readonly account: string;
  readonly region: string;
  /** Where ids and names are unique, such as a hypervisor. Empty where the whole cloud is one place. */
  readonly place: string;
  /** Laid under every taggable resource's own tags. */
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** What exists, as a rule sees it. */
export interface CloudView {
  /** Of every place. */
  list(type: string): readonly SandboxResource[];
  /** Of the provider's own place. */
  find(type: string, id: string): SandboxResource | undefined;
  /** The resources that have this id or ARN. */
  owners(value: string): readonly SandboxResource[];
}

/** One operation on one resource, as a rule sees it: every secret revealed, nothing unknown. */
export interface RuleContext {
  readonly type: string;
  readonly urn: string;
  /** The name of the resource in the program. */
  readonly logicalName: string;
  readonly id: string;
  readonly inputs: Properties;
  /** The outputs before this update. Absent on create. */
  readonly previous?: Properties;
  readonly settings: CloudSettings;
  readonly view: CloudView;
}

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** The value that the cloud makes up; in a preview, unknown. */
export type Made = (make: () => JsonValue) => JsonValue;

/** Something that the cloud makes along with a resource. */
export interface Companion {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
}

/** No two resources of the type have the same values of these properties. */
export interface UniqueKey {
  readonly of: readonly string[];
  readonly code: string;
  readonly message: (inputs: Properties) => string;
  /** Names are per region, unless the service is global. @default "region" */
  readonly scope?: "region" | "account";
}

/** What a cloud does with one type, beyond what the catalog tells. Every part is optional. */
export interface TypeRule {
  /** @default - the form of the SDK's example of an import: a prefix with a new number, the ARN, or the name */
  readonly id?: (context: Omit<RuleContext, "id">) => string;
  /** ARN after the account: `role/${name}`. @default - CloudFormation's template */
  readonly arn?: (context: RuleContext) => string;
  /** Outputs that the cloud computes. @default - made up from each output's name and type */
  readonly outputs?: (context: RuleContext) => Properties;
  /**
   * Inputs with what the cloud adds inside them, such as the address of a card that was given none. What it makes up goes
   * through `made`, which a preview answers with "unknown". Inputs may hold unknowns and secrets.
   */
  readonly inside?: (inputs: Properties, previous: Properties, made: Made) => Properties;
  /** Outputs by which the real provider sees that an update is due, though the inputs are the same. */
  readonly due?: (outputs: Properties, inputs: Properties) => readonly string[];
  /** What the real provider refuses before it calls the cloud. Inputs may hold unknowns. */
  readonly check?: (inputs: Properties) => readonly Problem[];
  /** Throws a `refusal` where the cloud would not take these inputs. For create and update. */
  readonly validate?: (context: RuleContext) => void;
  /** Throws a `refusal` where the cloud would not delete it. */
  readonly remove?: (context: RuleContext) => void;
  readonly companions?: (context: RuleContext, outputs: Properties) => readonly Companion[];
  readonly unique?: readonly UniqueKey[];
  /** The program takes over what the cloud made: it need not be new, and deleting leaves it. */
  readonly adopts?: true;
  /** Properties that replace it, where the specification does not say so, each with its source. */
  readonly replaces?: Readonly<Record<string, string>>;
  /** Properties that are updated in place, where the specification says they replace, each with its source. */
  readonly updates?: Readonly<Record<string, string>>;
  /** What a delete does about a resource that still names this one. @default - the cloud's `deletion` */
  readonly deletion?: (referrer: { readonly type: string; readonly path: string }) => DeletionEffect;
}

/** `blocks`: the delete fails. `goes`: the referrer is deleted too. `stays`: it is left with a dangling reference. */
export type DeletionEffect = "blocks" | "goes" | "stays";

/** One cloud: its catalog, and its rules as data and small functions. */
export interface Cloud {
  /** Of the plugin, the provider type and the type tokens: `aws`. */
  readonly name: string;
  readonly catalogFile: string;
  /** Provider config whose change makes it another provider, with everything in it replaced. */
  readonly movesWith: readonly string[];
  settings(config: Properties): CloudSettings;
  rule(type: string): TypeRule;
  /** Where a change of this property replaces, whatever the catalog says; undefined where it says nothing. */
  replaces(type: string, property: string, path: string): Replaces | undefined;
  /** Properties whose name is made up where the program gives none, and its length and case limits. */
  autoname(type: string): { readonly maxLength: number; readonly lowerCase: boolean } | undefined;
  /** Completes the program's inputs as the real provider's `Check` does: default tags, defaults. */
  complete(inputs: Properties, resource: ResourceShape, settings: CloudSettings, type: string): Properties;
  newId(context: Omit<RuleContext, "id">, resource: ResourceShape): string;
  /** The outputs that follow from the inputs alone, so that a preview shows them. */
  planned(inputs: Properties, resource: ResourceShape, settings: CloudSettings): Properties;
  /** A computed output that no rule gives. Undefined leaves it away. */
  computed(context: RuleContext, name: string, resource: ResourceShape): Properties[string] | undefined;
  /** The error for an id or ARN that does not exist. */
  notFound(value: string, path: string): Error;
  deletion(type: string, referrer: { readonly type: string; readonly path: string }): DeletionEffect;
  /** The error for a delete of something that is in use. */
  inUse(type: string, id: string, referrer: string): Error;
  /** A function of the SDK; undefined where the sandbox has no answer. */
  invoke(token: string, args: Properties, settings: CloudSettings, view: CloudView): Properties | undefined;
}
