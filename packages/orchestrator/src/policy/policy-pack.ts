import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { GroundplaneError, type Sha256 } from "@groundplane/contracts";
import { z } from "zod";
import { hashFolder } from "../digest/hash-files.ts";

const manifestSchema = z.looseObject({ name: z.string().min(1), version: z.string().min(1) });

/** A pack on disk. */
export interface PolicyPackFolder {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly digest: Sha256;
}

function notFound(pack: string, why: string): GroundplaneError {
  return new GroundplaneError(
    "POLICY_PACK_NOT_FOUND",
    `policy pack "${pack}" ${why}. Install it in the project ("npm install ${pack}"), or name its folder. Without its packs nothing is deployed.`,
    { facts: { pack } },
  );
}

/**
 * Finds a pack by npm name or folder: the engine takes paths only (pulumi#10804).
 *
 * @throws {POLICY_PACK_NOT_FOUND} when it is not there or has no PulumiPolicy.yaml.
 */
export async function findPolicyPack(pack: string, root: string): Promise<PolicyPackFolder> {
  const isPath = pack.startsWith(".") || isAbsolute(pack);
  const candidates = isPath
    ? [resolve(root, pack)]
    : (createRequire(join(root, "package.json")).resolve.paths(pack) ?? []).map((folder) =>
        join(folder, pack),
      );
  const found = candidates.find((folder) => existsSync(join(folder, "package.json")));
  if (found === undefined) throw notFound(pack, isPath ? `is not in ${candidates[0]}` : "is not installed");
  const folder = await realpath(found);
  if (!existsSync(join(folder, "PulumiPolicy.yaml")))
    throw notFound(pack, `has no PulumiPolicy.yaml in ${folder}`);
  const manifest = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  if (!manifest.success) throw notFound(pack, "has no name and version in its package.json");
  return {
    name: manifest.data.name,
    version: manifest.data.version,
    folder,
    digest: await hashFolder(folder),
  };
}
