import { GroundplaneError, type JsonValue } from "@groundplane/contracts";
import { Catalog } from "./catalog/catalog.ts";
import type { CatalogShard, ResourceShape, Shape } from "./catalog/shape.ts";
import { CLOUDS } from "./cloud-list.ts";
import { checkInputs } from "./provider/check.ts";
import type { Cloud } from "./provider/cloud.ts";
import { diffInputs } from "./provider/diff.ts";

const catalogs = new Map<Cloud, Catalog>();

interface SdkResource {
  readonly cloud: Cloud;
  readonly resource: ResourceShape;
  readonly shapes: CatalogShard["shapes"];
}

function sdkResource(type: string): SdkResource {
  const cloud = Object.values(CLOUDS).find(
    ({ name }) => type.startsWith(`${name}:`) || type === `pulumi:providers:${name}`,
  );
  const catalog = cloud === undefined ? undefined : (catalogs.get(cloud) ?? new Catalog(cloud.catalogFile));
  const resource = catalog?.resource(type);
  if (cloud === undefined || catalog === undefined || resource === undefined)
    throw new GroundplaneError(
      "SANDBOX_INVALID",
      `"${type}" is no type that the sandbox knows${catalog === undefined ? "" : ` of ${cloud?.name} ${catalog.version}`}`,
      { facts: { type } },
    );
  catalogs.set(cloud, catalog);
  return { cloud, resource, shapes: catalog.shard(type).shapes };
}

/**
 * What is wrong with the inputs of a resource by its provider's typings, one line each: for tests of policy packs and
 * components, without an engine.
 *
 * @param type Pulumi token of a cloud that the sandbox stands in for: `aws:s3/bucket:Bucket`
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function resourceInputProblems(
  type: string,
  inputs: Readonly<Record<string, JsonValue>>,
): readonly string[] {
  const { resource, shapes } = sdkResource(type);
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
export function resourceHasInput(type: string, path: string): boolean {
  const { resource, shapes } = sdkResource(type);
  const [first = "", ...steps] = path.split(/\.|(?=\[\*\])/);
  let shape = resource.inputs[first]?.t;
  for (const step of steps) {
    if (shape === undefined) return false;
    shape = step === "[*]" ? elementOf(shape) : memberOf(shape, step, shapes);
  }
  return shape !== undefined;
}

/**
 * What the provider does to a resource whose inputs change, as far as the sandbox knows: for tests of components,
 * without an engine. A resource that is replaced since another one is does not show.
 *
 * @param type Pulumi token of a cloud that the sandbox stands in for: `libvirt:index/domain:Domain`
 * @returns undefined when it does nothing.
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function resourceOperation(
  type: string,
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
): "update" | "replace" | undefined {
  const { cloud, resource } = sdkResource(type);
  const diffs = diffInputs(before, after, resource, (name, path) => cloud.replaces(type, name, path));
  if (diffs.some((diff) => diff.replaces)) return "replace";
  return diffs.length > 0 ? "update" : undefined;
}

/** A single object counts as a list of one, as rules read it. */
const elementOf = (shape: Shape): Shape => (typeof shape !== "string" && shape[0] === "a" ? shape[1] : shape);

function memberOf(shape: Shape, name: string, shapes: CatalogShard["shapes"]): Shape | undefined {
  if (shape === "*") return shape;
  if (typeof shape === "string") return undefined;
  if (shape[0] === "m") return shape[1];
  return shape[0] === "o" ? shapes[shape[1]]?.[name]?.t : undefined;
}
