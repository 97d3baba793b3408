import {
  canonicalJson,
  type DigestPart,
  type JsonValue,
  jsonValueSchema,
  type Sha256,
} from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { StackFiles, StackSettings } from "../engine/work-folder.ts";
import type { PolicyPackFolder } from "../policy/policy-pack.ts";
import { sha256OfBytes } from "./hash-files.ts";
import type { ProgramDigest } from "./program-digest.ts";

/** The parts of a review's digest that come from files alone: neither the engine nor the state is asked. */
export const SOURCE_PARTS = [
  "config",
  "environment",
  "program",
  "dependencies",
  "policyPacks",
] as const satisfies readonly DigestPart[];

export type SourcePart = (typeof SOURCE_PARTS)[number];
export type SourceParts = Readonly<Record<SourcePart, Sha256>>;

export interface Sources {
  readonly environment: EnvironmentDefinition;
  readonly packs: readonly PolicyPackFolder[];
  readonly files: StackFiles;
  readonly settings: StackSettings;
}

function hashJson(value: JsonValue): Sha256 {
  return sha256OfBytes(canonicalJson(value));
}

/** The environment's rules, without the parts that are code. */
function environmentRules(environment: EnvironmentDefinition): JsonValue {
  const { cloud, ...rules } = environment;
  return jsonValueSchema.parse({
    ...rules,
    cloud: cloud === "real" ? "real" : { kind: cloud.kind, clouds: cloud.clouds },
  });
}

/** The parts, once it is said what the upstreams hand on: a digest of the outputs of each. */
export function sourceParts(
  { environment, packs, files, settings }: Sources,
  { program, dependencies }: ProgramDigest,
): (upstreams: Readonly<Record<string, Sha256>>) => SourceParts {
  const rules = hashJson(environmentRules(environment));
  const policyPacks = hashJson(packs.map(({ name, version, digest }) => ({ name, version, digest })));
  return (upstreams) => ({
    config: hashJson(jsonValueSchema.parse({ project: files.project, settings, upstreams })),
    environment: rules,
    program,
    dependencies,
    policyPacks,
  });
}
