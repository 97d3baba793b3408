import { posix } from "node:path";
import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { renderCompose } from "../compose/compose-yaml.ts";
import type { HardenedComposeFile } from "../compose/hardened-compose.ts";
import { checkScript, resetScript, setupScript } from "./project-scripts.ts";

/** A folder of the host that a service writes to. */
export interface DataFolder {
  readonly path: string;
  /** Who owns it: the numbers of the service's `user`. */
  readonly user: string;
  readonly group: string;
}

export interface SecretFile {
  readonly name: string;
  readonly path: string;
  /** The one user that reads it. */
  readonly user: string;
  readonly group: string;
}

export interface ComposeProjectOptions {
  readonly file: HardenedComposeFile;
  /** Names of the secrets that are given. */
  readonly secretNames: readonly string[];
  readonly folder?: string;
  readonly beforeUp?: string;
  readonly waitSeconds?: number;
  readonly dataGoesWithIt?: { readonly reason: string };
}

/** What a project is on its machine. Scripts hold no secret. */
export interface ComposeProjectPlan {
  readonly folder: string;
  readonly composePath: string;
  readonly composeText: string;
  readonly services: readonly string[];
  /** In the order of their paths. */
  readonly dataFolders: readonly DataFolder[];
  readonly secretFiles: readonly SecretFile[];
  readonly setup: string;
  readonly reset: string;
  readonly check: string;
}

/**
 * Plans a compose project on a machine, without touching one.
 *
 * @throws {INVALID_ARGUMENT} a folder, a secret or a time is not valid; the message names it.
 */
export function planComposeProject(options: ComposeProjectOptions): ComposeProjectPlan {
  const { file, waitSeconds = 300 } = options;
  checkWhole("waitSeconds", waitSeconds, 10, 3600);
  checkReason(options.dataGoesWithIt?.reason);
  const folder = checkFolder(options.folder ?? `/opt/${file.name}`);
  const secretFiles = planSecrets(file, folder, options.secretNames);
  const dataFolders = planDataFolders(file, folder);
  const services = Object.keys(file.services).toSorted();
  const script = { folder, services, dataFolders, secretFiles, file, waitSeconds };
  return {
    folder,
    composePath: `${folder}/compose.yaml`,
    composeText: renderCompose(file),
    services,
    dataFolders,
    secretFiles,
    setup: setupScript({ ...script, beforeUp: options.beforeUp ?? "" }),
    reset: resetScript({
      ...script,
      ...(options.dataGoesWithIt !== undefined && { dataReason: options.dataGoesWithIt.reason }),
    }),
    check: checkScript(script),
  };
}

function checkFolder(folder: string): string {
  if (/^(\/[a-zA-Z0-9][a-zA-Z0-9._-]*){2,}$/.test(folder)) return folder;
  throw invalidArgument(
    `folder is "${folder}"; give an absolute path at least two levels deep, such as /opt/mattermost`,
    { folder },
  );
}

function checkReason(reason: string | undefined): void {
  if (reason === undefined || /^[\x20-\x7e]{1,256}$/.test(reason)) return;
  throw invalidArgument(`dataGoesWithIt needs a reason of 1 to 256 plain characters, not "${reason}"`);
}

function ownerOf(user: string): { readonly user: string; readonly group: string } {
  const [uid = "", gid = ""] = user.split(":");
  return { user: uid, group: gid };
}

function planSecrets(
  file: HardenedComposeFile,
  folder: string,
  given: readonly string[],
): readonly SecretFile[] {
  const declared = Object.entries(file.secrets ?? {});
  const unknown = given.find((name) => !declared.some(([one]) => one === name));
  if (unknown !== undefined)
    throw invalidArgument(`secrets has "${unknown}", which the compose file does not declare`, { unknown });
  return declared.map(([name, secret]) => {
    if (!given.includes(name))
      throw invalidArgument(`the compose file declares the secret "${name}"; give its content in secrets`, {
        name,
      });
    const readers = new Set(
      Object.values(file.services)
        .filter((service) => service.secrets?.some(({ source }) => source === name))
        .map(({ user }) => user),
    );
    const [reader] = readers;
    if (reader === undefined || readers.size > 1)
      throw invalidArgument(
        `the secret "${name}" is read by ${readers.size} users; its file has one owner: give each service that runs as another user a secret of its own`,
        { name, readers: [...readers] },
      );
    return { name, path: posix.join(folder, secret.file), ...ownerOf(reader) };
  });
}

/** What is mounted to be written is a folder of the service's user. What is mounted to be read must be there. */
function planDataFolders(file: HardenedComposeFile, folder: string): readonly DataFolder[] {
  const folders = new Map<string, DataFolder>();
  for (const [name, service] of Object.entries(file.services)) {
    for (const mount of service.volumes ?? []) {
      if (mount.type !== "bind" || mount.read_only === true) continue;
      const path = posix.resolve(folder, mount.source);
      const owner = ownerOf(service.user);
      const other = folders.get(path);
      if (other !== undefined && (other.user !== owner.user || other.group !== owner.group))
        throw invalidArgument(
          `services.${name} writes to ${path} as ${service.user}, and another service as ${other.user}:${other.group}; give both one user, or one of them read_only`,
          { path },
        );
      folders.set(path, { path, ...owner });
    }
  }
  return [...folders.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
