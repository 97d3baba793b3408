import { quotedForShell } from "../quoted-for-shell.ts";

/**
 * Shows what the cloud has that the state does not know, by plain Pulumi: the pipeline compares the program with
 * the state, and leaves the state alone.
 *
 * @param folder Folder of the stack, as it is reached from here.
 */
export function driftCommand(environment: string, folder: string, command = "groundplane"): string {
  const refresh = `pulumi refresh --preview-only --diff --stack ${environment} --cwd ${quotedForShell(folder)}`;
  return `(eval "$(${command} env ${environment})"; ${refresh})`;
}
