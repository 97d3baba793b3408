import { GroundplaneError } from "@groundplane/contracts";
import { Catalog } from "../catalog/catalog.ts";
import type { CatalogShard, ResourceShape } from "../catalog/shape.ts";
import { awsCloud } from "./aws-cloud.ts";

let catalog: Catalog | undefined;

/**
 * What the pinned SDK knows of a type.
 *
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function awsResource(type: string): {
  readonly resource: ResourceShape;
  readonly shapes: CatalogShard["shapes"];
} {
  catalog ??= new Catalog(awsCloud.catalogFile);
  const resource = catalog.resource(type);
  if (resource !== undefined) return { resource, shapes: catalog.shard(type).shapes };
  throw new GroundplaneError("SANDBOX_INVALID", `"${type}" is no type of @pulumi/aws ${catalog.version}`, {
    facts: { type },
  });
}
