import type { Properties } from "@groundplane/provider";
import type { Problem, RuleContext, TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import { VOLUME } from "./libvirt-types.ts";
import {
  DEFAULT_NAME,
  filePath,
  markedPath,
  onHost,
  poolPath,
  requireFreePath,
  volumePath,
} from "./pools.ts";

/** A cloud image's size where its source tells none: 2 GiB. */
const IMAGE_BYTES = 2 * 2 ** 30;

function basePath(context: Omit<RuleContext, "id">): string | undefined {
  const { inputs } = context;
  const id = text(inputs, "baseVolumeId");
  if (id !== undefined) return id;
  const name = text(inputs, "baseVolumeName");
  if (name === undefined) return undefined;
  const pool = text(inputs, "baseVolumePool") ?? text(inputs, "pool") ?? DEFAULT_NAME;
  return `${poolPath(context, pool)}/${name}`;
}

/** The outputs of the base volume; undefined where there is none. */
function baseOf(context: Omit<RuleContext, "id">): Properties | undefined {
  const path = basePath(context);
  if (path === undefined) return undefined;
  const found = context.view.find(VOLUME, path);
  if (found === undefined)
    throw refusal(
      "VIR_ERR_NO_STORAGE_VOL",
      `can't retrieve base volume '${path}' on ${context.settings.place}: it does not exist there. A base volume is one for each host and pool.`,
    );
  return found.outputs;
}

function requireRoom(context: RuleContext): void {
  requireFreePath(context);
  const base = baseOf(context)?.["size"];
  const size = context.inputs["size"];
  if (typeof base === "number" && typeof size === "number" && size < base)
    throw refusal(
      "VIR_ERR_INVALID_ARG",
      `size ${size} is smaller than the base volume's, ${base}: a clone is at least as large.`,
    );
}

/** As the provider's create refuses them. */
function volumeProblems(inputs: Properties): readonly Problem[] {
  const given = (name: string) => inputs[name] !== undefined && inputs[name] !== null;
  const clash = (property: string, other: string): readonly Problem[] =>
    given(property) && given(other)
      ? [{ property, reason: `"${property}" can't be specified when also "${other}" is given` }]
      : [];
  return [
    ...clash("size", "source"),
    ...clash("baseVolumeId", "source"),
    ...clash("baseVolumeName", "source"),
    ...clash("baseVolumeName", "baseVolumeId"),
  ];
}

export const volumeRule: TypeRule = {
  id: volumePath,
  check: volumeProblems,
  validate: requireRoom,
  outputs: (context) => ({
    format: "qcow2",
    size: context.inputs["source"] === undefined ? (baseOf(context)?.["size"] ?? IMAGE_BYTES) : IMAGE_BYTES,
  }),
};

/** Cloud-init disks and ignition files: files of a pool with a number of the provider's own. */
export const markedFileRule: TypeRule = { id: markedPath, validate: requireFreePath };

/**
 * A disk that two domains hold at once is written to by both; QEMU's lock refuses the second.
 *
 * @param path of the volume, as in a domain's disk
 */
export function requireOwnVolume(context: RuleContext, path: string): void {
  const holder = onHost(context, context.type).find(
    ({ id, outputs }) =>
      id !== context.id && JSON.stringify(outputs["disks"] ?? []).includes(JSON.stringify(path)),
  );
  if (holder !== undefined)
    throw refusal(
      "VIR_ERR_INTERNAL_ERROR",
      `process exited while connecting to monitor: Failed to get "write" lock on '${filePath(path)}': domain '${String(holder.outputs["name"])}' has it.`,
    );
}
