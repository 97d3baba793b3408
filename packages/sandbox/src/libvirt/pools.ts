import { isObject, type Properties } from "@groundplane/provider";
import { mintUuid } from "../marks.ts";
import type { Problem, RuleContext, TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import type { SandboxResource } from "../store/store.ts";
import { CLOUD_INIT_DISK, COMBUSTION, IGNITION, POOL, VOLUME } from "./libvirt-types.ts";

type Context = Omit<RuleContext, "id">;

/** Every hypervisor has a pool and a network of this name, as libvirt's own packages define them. */
export const DEFAULT_NAME = "default";
const DEFAULT_PATH = "/var/lib/libvirt/images";

/** What the pool's capacity is said to be: 1 TiB. How large a host's disks are cannot be known here. */
const CAPACITY_BYTES = 2 ** 40;

/** What lies in pools as a file. */
const FILE_TYPES = [VOLUME, CLOUD_INIT_DISK, COMBUSTION, IGNITION];

/** The resources of this type on the provider's own hypervisor. */
export function onHost({ view, settings }: Context, type: string): readonly SandboxResource[] {
  return view.list(type).filter(({ place }) => place === settings.place);
}

function pathOf(properties: Properties): string | undefined {
  const target = properties["target"];
  return (isObject(target) ? text(target, "path") : undefined) ?? text(properties, "path");
}

/**
 * The folder of a pool of the host.
 *
 * @throws {SANDBOX_REFUSED} when the host has no such pool.
 */
export function poolPath(context: Context, name: string): string {
  const pool = onHost(context, POOL).find(({ outputs }) => outputs["name"] === name);
  if (pool !== undefined) return pathOf(pool.outputs) ?? `/dev/${name}`;
  if (name === DEFAULT_NAME) return DEFAULT_PATH;
  throw refusal(
    "VIR_ERR_NO_STORAGE_POOL",
    `can't find storage pool '${name}' on ${context.settings.place}: make it a resource, or name another one.`,
  );
}

/** The path of a file in its pool: what libvirt takes for a volume's key. */
export function volumePath(context: Context): string {
  const pool = text(context.inputs, "pool") ?? DEFAULT_NAME;
  return `${poolPath(context, pool)}/${text(context.inputs, "name") ?? ""}`;
}

/** The provider tells a cloud-init disk by its volume's path and a number of its own. */
export function markedPath(context: Context): string {
  return `${volumePath(context)};${mintUuid()}`;
}

/** Of a resource that is a file in a pool. */
export const filePath = (id: string): string => id.split(";", 1)[0] ?? id;

/** Two files of a pool cannot have one name. The real provider takes over a volume that is there already. */
export function requireFreePath(context: RuleContext): void {
  const path = filePath(context.id);
  const taken = FILE_TYPES.flatMap((type) => onHost(context, type)).find(
    ({ type, id }) => filePath(id) === path && !(type === context.type && id === context.id),
  );
  if (taken !== undefined)
    throw refusal(
      "VIR_ERR_STORAGE_VOL_EXIST",
      `storage volume '${path}' exists already on ${context.settings.place} (${taken.type}).`,
    );
}

function requireOwnPath(context: RuleContext): void {
  const path = pathOf(context.inputs);
  const other = onHost(context, POOL).find(
    ({ id, outputs }) => id !== context.id && path !== undefined && pathOf(outputs) === path,
  );
  if (other !== undefined)
    throw refusal(
      "VIR_ERR_OPERATION_FAILED",
      `Storage source conflict with pool: '${String(other.outputs["name"])}', which is ${path} too.`,
    );
}

function requireEmpty(context: RuleContext): void {
  const { previous = {}, settings } = context;
  const name = previous["name"];
  const held = FILE_TYPES.flatMap((type) => onHost(context, type)).find(
    ({ outputs }) => outputs["pool"] === name,
  );
  if (held !== undefined)
    throw refusal(
      "VIR_ERR_INTERNAL_ERROR",
      `failed to remove pool '${pathOf(previous) ?? String(name)}' on ${settings.place}: Directory not empty (${held.id}).`,
    );
}

function poolProblems(inputs: Properties): readonly Problem[] {
  const type = text(inputs, "type");
  if (type !== undefined && type !== "dir" && type !== "logical")
    return [{ property: "type", reason: `"${type}" is not supported; a pool is "dir" or "logical"` }];
  if (text(inputs, "path") !== undefined && inputs["target"] !== undefined)
    return [{ property: "path", reason: "give target.path alone; path is its old name" }];
  return [];
}

export const poolRule: TypeRule = {
  id: () => mintUuid(),
  check: poolProblems,
  unique: [
    {
      of: ["name"],
      code: "VIR_ERR_OPERATION_FAILED",
      message: ({ name }) => `storage pool '${String(name)}' already exists.`,
    },
  ],
  validate: requireOwnPath,
  remove: requireEmpty,
  outputs: ({ inputs }) => ({
    capacity: CAPACITY_BYTES,
    allocation: 0,
    available: CAPACITY_BYTES,
    ...(inputs["target"] === undefined && inputs["path"] === undefined
      ? { target: { path: `/dev/${text(inputs, "name") ?? ""}` } }
      : {}),
  }),
  // A target that is given as a block changes with its path, and that makes another pool.
  replaces: { target: "terraform-provider-libvirt 0.8.3, resourceLibvirtPoolCustomizeDiff" },
};
