import { createHash, randomBytes } from "node:crypto";
import { isList, type Properties } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";

/** The inputs' list of the properties that the provider filled in, in the form of Pulumi's bridge. */
export const DEFAULTS = "__defaults";

export interface AutonameRequest {
  readonly logicalName: string;
  readonly oldInputs: Properties;
  /** Of the engine, so that a preview and the update that follows make the same name. Empty: random. */
  readonly seed: Uint8Array;
  /** The engine's own naming rule (`pulumi:autonaming`), where one is configured. */
  readonly proposal?: { readonly name: string; readonly mode: "propose" | "enforce" | "disable" };
  readonly limits: { readonly maxLength: number; readonly lowerCase: boolean };
}

/** The property that is named for the program when it gives no name, or undefined. */
export function autonamedProperty(resource: ResourceShape): string | undefined {
  for (const name of ["name", "bucket"]) {
    const input = resource.inputs[name];
    if (input !== undefined && input.r !== 1 && resource.outputs[name]?.u !== 1) return name;
  }
  return undefined;
}

/** The inputs with a name: the one given, the one made up before, or a new one of the form `name-1a2b3c4`. */
export function autoname(inputs: Properties, property: string, request: AutonameRequest): Properties {
  if (inputs[property] !== undefined || inputs[`${property}Prefix`] !== undefined)
    return { ...inputs, [DEFAULTS]: [] };
  const { oldInputs, proposal } = request;
  const old = wasAutonamed(oldInputs, property) ? oldInputs[property] : undefined;
  if (old !== undefined) return { ...inputs, [property]: old, [DEFAULTS]: [property] };
  if (proposal?.mode === "disable") return { ...inputs, [DEFAULTS]: [] };
  return { ...inputs, [property]: proposal?.name ?? newName(request), [DEFAULTS]: [property] };
}

export function wasAutonamed(inputs: Properties, property: string): boolean {
  const defaults = inputs[DEFAULTS];
  return isList(defaults) && defaults.includes(property);
}

function newName({ logicalName, seed, limits }: AutonameRequest): string {
  const hex = (
    seed.length > 0 ? createHash("sha256").update(seed).digest("hex") : randomBytes(4).toString("hex")
  ).slice(0, 7);
  const base = limits.lowerCase ? logicalName.toLowerCase() : logicalName;
  return `${base.slice(0, limits.maxLength - 8)}-${hex}`;
}
