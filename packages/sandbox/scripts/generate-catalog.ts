import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { readIndex } from "../src/catalog/catalog.ts";
import type {
  CatalogIndex,
  CatalogShard,
  FunctionShape,
  InputProperty,
  ResourceShape,
  Shape,
} from "../src/catalog/shape.ts";
import { specOverlay } from "./aws-spec.ts";
import { readSdk } from "./sdk-typings.ts";

// Writes generated/aws.catalog from the typings of @pulumi/aws and CloudFormation's specification.
const here = import.meta.dirname;
const output = join(here, "..", "generated", "aws.catalog");
const require = createRequire(import.meta.url);

const sdk = packageAt("@pulumi/aws");
const spec = packageAt("@aws-cdk/aws-service-spec");
const stamp = createHash("sha256")
  .update([sdk.version, spec.version].join("\n"))
  .update(
    ["generate-catalog.ts", "sdk-typings.ts", "aws-spec.ts"]
      .map((name) => readFileSync(join(here, name)))
      .join("\n"),
  )
  .digest("hex");

if (existsSync(output) && readIndex(output).index.stamp === stamp) {
  process.stdout.write(`catalog of @pulumi/aws ${sdk.version} is current\n`);
} else {
  const begin = performance.now();
  const { resources, functions, shards } = build();
  write(shards);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(
    `catalog of @pulumi/aws ${sdk.version}: ${resources} resources, ${functions} functions, ${seconds} s\n`,
  );
}

function packageAt(name: string): { root: string; version: string } {
  const manifest = require.resolve(`${name}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { root: dirname(manifest), version };
}

interface OpenShard {
  readonly resources: Record<string, ResourceShape>;
  readonly functions: Record<string, FunctionShape>;
  readonly shapes: Record<string, Readonly<Record<string, InputProperty>>>;
}

function build() {
  const { resources, functions, nested } = readSdk(sdk.root);
  const overlay = specOverlay();
  const shards = new Map<string, OpenShard>();
  const shardOf = (token: string): OpenShard => {
    const module = /^aws:([^/]+)\//.exec(token)?.[1] ?? "index";
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
    shard.resources[token] = overlay(token, resource);
    for (const property of Object.values(resource.inputs)) reach(shard, property.t);
  }
  for (const [token, shape] of functions) {
    const shard = shardOf(token);
    shard.functions[token] = shape;
    for (const property of Object.values(shape.inputs)) reach(shard, property.t);
  }
  return { resources: resources.size, functions: functions.size, shards };
}

function write(shards: ReadonlyMap<string, CatalogShard>): void {
  const modules: Record<string, [number, number]> = {};
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const [module, shard] of [...shards].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const body = compress(shard);
    modules[module] = [offset, body.length];
    bodies.push(body);
    offset += body.length;
  }
  const index = compress({
    stamp,
    package: "@pulumi/aws",
    version: sdk.version,
    modules,
  } satisfies CatalogIndex);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  mkdirSync(dirname(output), { recursive: true });
  const temporary = `${output}.${process.pid}`;
  writeFileSync(temporary, Buffer.concat([length, index, ...bodies]));
  renameSync(temporary, output);
}

function compress(value: unknown): Buffer {
  return brotliCompressSync(JSON.stringify(value), { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } });
}
