import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import {
  type AccessPointArgs,
  FILE_SYSTEM_PRESETS,
  type FileSystemArgs,
  type FileSystemSize,
  type TransitionDays,
} from "./file-system-args.ts";

const DAYS: readonly TransitionDays[] = [1, 7, 14, 30, 60, 90, 180, 270, 365];
const MAX_ID = 4_294_967_295;

/** The openings of a file system, as tags. */
export function openings({ noBackups, anonymousMount }: FileSystemArgs): Readonly<Record<string, string>> {
  return { ...openingTag("no-backups", noBackups), ...openingTag("anonymous-mount", anonymousMount) };
}

export function validate(name: string, args: FileSystemArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(FILE_SYSTEM_PRESETS, args.preset);
  const size: FileSystemSize = { protect: args.protect ?? row.protect };
  openings(args);
  const { infrequentAccessDays = 30, archiveDays, throughput, subnetIds, adopt } = args;
  if (subnetIds.length === 0)
    throw invalidArgument("subnetIds is empty; list one a zone, or nobody can mount it");
  checkOneOf("throughput", throughput, ["elastic", "bursting"]);
  checkOneOf("infrequentAccessDays", infrequentAccessDays, DAYS);
  checkOneOf("archiveDays", archiveDays, DAYS);
  if (archiveDays !== undefined && archiveDays <= infrequentAccessDays)
    throw invalidArgument(
      `archiveDays is ${archiveDays}, not after infrequentAccessDays ${infrequentAccessDays}; raise it`,
    );
  if (archiveDays !== undefined && throughput === "bursting")
    throw invalidArgument('archiveDays goes only with throughput "elastic"; leave one of them out');
  for (const [key, point] of Object.entries(args.accessPoints ?? {})) checkAccessPoint(key, point);
  if (adopt !== undefined && !/^fs-[0-9a-f]{8,40}$/.test(adopt.fileSystemId))
    throw invalidArgument(`adopt.fileSystemId is "${adopt.fileSystemId}"; give the id, such as fs-0a1b2c3d`);
  const { mountTargetIds = [] } = adopt ?? {};
  if (mountTargetIds.length > subnetIds.length)
    throw invalidArgument(
      `adopt.mountTargetIds has ${mountTargetIds.length} ids for ${subnetIds.length} subnets; list the subnet of each`,
    );
  checkAlarms(["io-limit"], args.alarms);
  return { tags, size };
}

function checkAccessPoint(key: string, { path, uid, gid, permissions = "0750" }: AccessPointArgs): void {
  const at = `accessPoints.${key}`;
  if (!/^[a-z](-?[a-z0-9])*$/.test(key))
    throw invalidArgument(`accessPoints has "${key}"; give a name of lower-case letters, digits and dashes`);
  // EFS user guide: at most four folders deep, 100 characters.
  if (path.length > 100 || !/^(\/[\w.-]+){1,4}$/.test(path) || /(^|\/)\.\.?(\/|$)/.test(path))
    throw invalidArgument(`${at}.path is "${path}"; give an absolute path of one to four folders`, { path });
  checkWhole(`${at}.uid`, uid, 0, MAX_ID);
  checkWhole(`${at}.gid`, gid, 0, MAX_ID);
  if (!/^[0-7]{3,4}$/.test(permissions))
    throw invalidArgument(`${at}.permissions is "${permissions}"; give octal digits, such as 0750`, {
      permissions,
    });
}
