/**
 * How a property's value may look. `s`tring, `n`umber, `b`oolean, `asset`, `*` anything; `a` array, `m` map with
 * string keys, `o` object (the name of a shape of the same shard), `e` enum (`open`: other strings are taken too).
 * Short names because a cloud has some 100,000 of these.
 */
export type Shape =
  | "s"
  | "n"
  | "b"
  | "asset"
  | "*"
  | readonly ["a", Shape]
  | readonly ["m", Shape]
  | readonly ["o", string]
  | readonly ["e", readonly string[], "open" | "closed"]
  | readonly ["u", ...Shape[]];

/** Where a replacement fact comes from: CloudFormation's specification, or the SDK's own documentation. */
export type ReplaceSource = "cfn" | "doc";

export interface InputProperty {
  readonly t: Shape;
  /** 1: required. */
  readonly r?: 1;
  /** The documented default. */
  readonly d?: string | number | boolean;
  /** A change replaces the resource; says who says so. */
  readonly x?: ReplaceSource;
}

export interface OutputProperty {
  readonly t: Shape;
  /** 1: may be absent. Without it the cloud computes a value when none was given. */
  readonly u?: 1;
}

export interface ResourceShape {
  readonly inputs: Readonly<Record<string, InputProperty>>;
  readonly outputs: Readonly<Record<string, OutputProperty>>;
  /** The CloudFormation type that the replacement facts come from. */
  readonly cfn?: string;
  /** CloudFormation's ARN template, with `${Partition}`, `${Region}`, `${Account}` and one part for each name. */
  readonly arn?: string;
  /** The id in the SDK's example of an import: shows the form that ids of this type have. */
  readonly importId?: string;
}

export interface FunctionShape {
  readonly inputs: Readonly<Record<string, InputProperty>>;
  readonly outputs: Readonly<Record<string, OutputProperty>>;
}

/** Everything of one module (`ec2`) of the SDK. */
export interface CatalogShard {
  readonly resources: Readonly<Record<string, ResourceShape>>;
  readonly functions: Readonly<Record<string, FunctionShape>>;
  readonly shapes: Readonly<Record<string, Readonly<Record<string, InputProperty>>>>;
}

export interface CatalogIndex {
  /** Changes when the SDK, the specification or the generator does. */
  readonly stamp: string;
  readonly package: string;
  readonly version: string;
  /** Byte offset after the index, and length, of each module's shard. */
  readonly modules: Readonly<Record<string, readonly [offset: number, length: number]>>;
}
