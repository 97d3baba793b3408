import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readIndex } from "../src/catalog/catalog.ts";
import { specOverlay } from "./aws-spec.ts";
import { type CatalogParts, shardsOf, writeCatalog } from "./catalog-file.ts";
import { readPulumiSchema } from "./pulumi-schema.ts";
import { readSdk } from "./sdk-typings.ts";

// Writes generated/*.catalog: AWS from its SDK's typings and CloudFormation's specification, the others from their schemas.
const here = import.meta.dirname;
const require = createRequire(import.meta.url);

interface Source {
  /** Name of the catalog's file. */
  readonly name: string;
  /** Where the types come from, and its version. */
  readonly package: string;
  readonly version: string;
  /** What the catalog changes with, besides the scripts. */
  readonly madeOf: readonly string[];
  readonly read: () => CatalogParts;
}

function packageAt(name: string): { root: string; version: string } {
  const manifest = require.resolve(`${name}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { root: dirname(manifest), version };
}

function aws(): Source {
  const sdk = packageAt("@pulumi/aws");
  const spec = packageAt("@aws-cdk/aws-service-spec");
  return {
    ...{ name: "aws", package: "@pulumi/aws", version: sdk.version },
    madeOf: [sdk.version, spec.version],
    read: () => {
      const parts = readSdk(sdk.root);
      const overlay = specOverlay();
      const resources = [...parts.resources].map(([token, one]) => [token, overlay(token, one)] as const);
      return { ...parts, resources: new Map(resources) };
    },
  };
}

/** @param version - of the plugin, where its schema does not say */
function schema(file: string, version: string): Source {
  const { name, ...parts } = readPulumiSchema(file);
  return {
    ...{ name, package: name, version: parts.version ?? version },
    madeOf: [readFileSync(file, "utf8"), version],
    read: () => parts,
  };
}

const sources = [
  aws(),
  schema(
    join(
      here,
      "..",
      "..",
      "..",
      "tools",
      "libvirt-provider",
      "cmd",
      "pulumi-resource-libvirt",
      "schema.json",
    ),
    "0.5.4",
  ),
  schema(join(here, "..", "..", "machine", "schema.json"), "0.1.0"),
];
const scripts = [
  "generate-catalog.ts",
  "catalog-file.ts",
  "sdk-typings.ts",
  "aws-spec.ts",
  "pulumi-schema.ts",
]
  .map((name) => readFileSync(join(here, name)))
  .join("\n");

for (const source of sources) {
  const output = join(here, "..", "generated", `${source.name}.catalog`);
  const stamp = createHash("sha256").update(source.madeOf.join("\n")).update(scripts).digest("hex");
  const what = `catalog of ${source.package} ${source.version}`;
  if (existsSync(output) && readIndex(output).index.stamp === stamp) {
    process.stdout.write(`${what} is current\n`);
    continue;
  }
  const begin = performance.now();
  const parts = source.read();
  writeCatalog(output, { stamp, package: source.package, version: source.version }, shardsOf(parts));
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(
    `${what}: ${parts.resources.size} resources, ${parts.functions.size} functions, ${seconds} s\n`,
  );
}
