import type { JsonValue } from "@groundplane/contracts";
import type { CatalogShard, Shape } from "../catalog/shape.ts";
import { checkInputs } from "../provider/check.ts";
import { awsResource } from "./aws-catalog.ts";

/**
 * What is wrong with the inputs of a resource by the typings of the pinned SDK, one line each: for tests of policy
 * packs and components, without an engine.
 *
 * @param type Pulumi token: `aws:s3/bucket:Bucket`
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function awsInputProblems(
  type: string,
  inputs: Readonly<Record<string, JsonValue>>,
): readonly string[] {
  const { resource, shapes } = awsResource(type);
  return checkInputs(type, inputs, resource.inputs, shapes).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
}

/**
 * Whether a type has an input at this path.
 *
 * @param path `[*]` for each element of a list: `ebsBlockDevices[*].encrypted`
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function awsHasInput(type: string, path: string): boolean {
  const { resource, shapes } = awsResource(type);
  const [first = "", ...steps] = path.split(/\.|(?=\[\*\])/);
  let shape = resource.inputs[first]?.t;
  for (const step of steps) {
    if (shape === undefined) return false;
    shape = step === "[*]" ? elementOf(shape) : memberOf(shape, step, shapes);
  }
  return shape !== undefined;
}

/** A single object counts as a list of one, as rules read it. */
const elementOf = (shape: Shape): Shape => (typeof shape !== "string" && shape[0] === "a" ? shape[1] : shape);

function memberOf(shape: Shape, name: string, shapes: CatalogShard["shapes"]): Shape | undefined {
  if (shape === "*") return shape;
  if (typeof shape === "string") return undefined;
  if (shape[0] === "m") return shape[1];
  return shape[0] === "o" ? shapes[shape[1]]?.[name]?.t : undefined;
}
