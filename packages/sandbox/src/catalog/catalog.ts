import { closeSync, openSync, readSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { CatalogIndex, CatalogShard, FunctionShape, ResourceShape } from "./shape.ts";

const indexSchema = z.object({
  stamp: z.string(),
  package: z.string(),
  version: z.string(),
  modules: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

const EMPTY: CatalogShard = { resources: {}, functions: {}, shapes: {} };

/** The index of a catalog file, and the offset at which its shards begin. */
export function readIndex(path: string): { index: CatalogIndex; shardsAt: number } {
  const length = slice(path, 0, 4).readUInt32BE();
  const index = indexSchema.parse(JSON.parse(brotliDecompressSync(slice(path, 4, length)).toString("utf8")));
  return { index, shardsAt: 4 + length };
}

/** What an SDK has: resources, functions and their properties, read module by module when first asked for. */
export class Catalog {
  readonly #path: string;
  readonly #index: CatalogIndex;
  readonly #shardsAt: number;
  readonly #shards = new Map<string, CatalogShard>();

  constructor(path: string) {
    this.#path = path;
    try {
      const { index, shardsAt } = readIndex(path);
      this.#index = index;
      this.#shardsAt = shardsAt;
    } catch (cause) {
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `no catalog can be read from "${path}": build the package, or install it again`,
        { cause },
      );
    }
  }

  /** Version of the SDK that the catalog was made from. */
  get version(): string {
    return this.#index.version;
  }

  resource(token: string): ResourceShape | undefined {
    return this.shard(token).resources[token];
  }

  function(token: string): FunctionShape | undefined {
    return this.shard(token).functions[token];
  }

  /** The module that a token belongs to, with the nested types it needs. */
  shard(token: string): CatalogShard {
    const module = /^[^:]+:([^/]+)\//.exec(token)?.[1] ?? "index";
    const known = this.#shards.get(module);
    if (known !== undefined) return known;
    const place = this.#index.modules[module];
    const shard =
      place === undefined ? EMPTY : parseShard(slice(this.#path, this.#shardsAt + place[0], place[1]));
    this.#shards.set(module, shard);
    return shard;
  }
}

function slice(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    readSync(file, buffer, 0, length, offset);
    return buffer;
  } finally {
    closeSync(file);
  }
}

/** The generator of this package wrote it: its shape is known, and validating megabytes would cost each start. */
function parseShard(compressed: Buffer): CatalogShard {
  const shard: CatalogShard = JSON.parse(brotliDecompressSync(compressed).toString("utf8"));
  return shard;
}
