import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type {
  CatalogIndex,
  CatalogShard,
  FunctionShape,
  InputProperty,
  ResourceShape,
  Shape,
} from "../src/catalog/shape.ts";

/** What a catalog is made of. */
export interface CatalogParts {
  readonly resources: ReadonlyMap<string, ResourceShape>;
  readonly functions: ReadonlyMap<string, FunctionShape>;
  readonly nested: ReadonlyMap<string, Readonly<Record<string, InputProperty>>>;
}

interface OpenShard {
  readonly resources: Record<string, ResourceShape>;
  readonly functions: Record<string, FunctionShape>;
  readonly shapes: Record<string, Readonly<Record<string, InputProperty>>>;
}

/** Splits what there is by module, as the catalog is read. */
export function shardsOf({ resources, functions, nested }: CatalogParts): ReadonlyMap<string, CatalogShard> {
  const shards = new Map<string, OpenShard>();
  const shardOf = (token: string): OpenShard => {
    const module = /^[^:]+:([^/]+)\//.exec(token)?.[1] ?? "index";
    let shard = shards.get(module);
    if (shard === undefined) {
      shard = { resources: {}, functions: {}, shapes: {} };
      shards.set(module, shard);
    }
    return shard;
  };
  // Each shard carries the nested types that it reaches, so that one read of the file is enough.
  const reach = (shard: OpenShard, shape: Shape): void => {
    if (typeof shape === "string") return;
    if (shape[0] === "a" || shape[0] === "m") reach(shard, shape[1]);
    else if (shape[0] === "u") for (const part of shape.slice(1) as Shape[]) reach(shard, part);
    else if (shape[0] === "o" && shape[1] !== "" && shard.shapes[shape[1]] === undefined) {
      const properties = nested.get(shape[1]) ?? {};
      shard.shapes[shape[1]] = properties;
      for (const property of Object.values(properties)) reach(shard, property.t);
    }
  };
  for (const [token, resource] of resources) {
    const shard = shardOf(token);
    shard.resources[token] = resource;
    for (const property of Object.values(resource.inputs)) reach(shard, property.t);
  }
  for (const [token, shape] of functions) {
    const shard = shardOf(token);
    shard.functions[token] = shape;
    for (const property of Object.values(shape.inputs)) reach(shard, property.t);
  }
  return shards;
}

/** Writes the file that `Catalog` reads. */
export function writeCatalog(
  path: string,
  about: Omit<CatalogIndex, "modules">,
  shards: ReadonlyMap<string, CatalogShard>,
): void {
  const modules: Record<string, [number, number]> = {};
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const [module, shard] of [...shards].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const body = compress(shard);
    modules[module] = [offset, body.length];
    bodies.push(body);
    offset += body.length;
  }
  const index = compress({ ...about, modules } satisfies CatalogIndex);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, Buffer.concat([length, index, ...bodies]));
  renameSync(temporary, path);
}

function compress(value: unknown): Buffer {
  return brotliCompressSync(JSON.stringify(value), { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } });
}
