import { posix } from "node:path";

/** Sockets that are root on the host, by the name that they have wherever they are. */
const SOCKET = /\.sock$/;

/** Folders that are the host itself. Nothing at or below them is mounted, and nothing above them. */
const HOST_FOLDERS = [
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/bin",
  "/sbin",
  "/usr",
  "/proc",
  "/sys",
  "/root",
  "/run",
  "/var/run",
  "/var/lib/docker",
  "/var/lib/containerd",
];

/** Why a path of the host may not be mounted into a container; undefined when it may. */
export function forbiddenSource(source: string): string | undefined {
  if (!/^(\/|\.\/)[A-Za-z0-9._/@+-]+$/.test(source) && source !== "/")
    return `"${source}" is no path: give ./… in the project's folder, or an absolute one, without spaces`;
  if (source.split("/").includes("..")) return `"${source}" leaves its folder; write where it leads`;
  if (SOCKET.test(source)) return `"${source}" is a socket: whoever has the engine's is root on the host`;
  if (!source.startsWith("/")) return undefined;
  const path = posix.normalize(source).replace(/(?<=.)\/$/, "");
  const host = HOST_FOLDERS.find(
    (folder) =>
      path === "/" || path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`),
  );
  return host === undefined
    ? undefined
    : `"${source}" is of the host itself (${host}); keep data in the project's folder`;
}
