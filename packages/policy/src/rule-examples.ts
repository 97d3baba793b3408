import type { JsonValue } from "@groundplane/contracts";

/** A resource as a program might declare it. */
export interface ExampleResource {
  /** Type token: `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** Made by the engine's default provider, where tests otherwise give one. @default false */
  readonly byDefaultProvider?: true;
  /** What else the stack has, so that the rule has something to say of this one. @default - nothing */
  readonly beside?: readonly ExampleResource[];
}

/** What a rule lets pass and what it reports, as data: documentation that tests can run. */
export interface RuleExamples {
  /** Resources that the rule has nothing to say about. */
  readonly passing: readonly ExampleResource[];
  /** Resources each of which the rule reports. */
  readonly failing: readonly ExampleResource[];
}

/** A property that a rule looks at, for tests that compare it with the provider's SDK. */
export interface PropertyRead {
  readonly type: string;
  /** `[*]` for each element of a list: `ebsBlockDevices[*].encrypted`. */
  readonly property: string;
}
