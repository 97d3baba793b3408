import { execFile } from "node:child_process";
import { resolve, sep } from "node:path";
import { checkWhole } from "@groundplane/contracts";
import { secretInText } from "./secret-field.ts";
import { type SecretLocation, type SecretSource, unavailable } from "./secret-source.ts";

export interface SopsSourceOptions {
  /** Where the files are; paths may not leave it. */
  readonly folder: string;
  /** @default "sops", found on the PATH */
  readonly command?: string;
  /** For one file. @minimum 1 @maximum 600 @default 60 */
  readonly timeoutSeconds?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Files that sops encrypted. The `sops` command decrypts them, with the keys and credentials that it finds in the
 * environment; the text stays in memory. Each file is decrypted once.
 *
 * @throws {INVALID_ARGUMENT} an option is not valid.
 */
export function sopsSource(options: SopsSourceOptions): SecretSource {
  checkWhole("timeoutSeconds", options.timeoutSeconds, 1, 600);
  const files = new Map<string, Promise<string>>();
  return {
    read: async (location) => {
      const folder = resolve(options.folder);
      const file = resolve(folder, location.path);
      if (!file.startsWith(folder + sep)) throw unavailable("sops", location, "the path leaves the folder");
      const text = files.get(file) ?? decrypt(options, file, location);
      files.set(file, text);
      return secretInText("sops", location, await text);
    },
  };
}

function decrypt(
  { command = "sops", timeoutSeconds = 60 }: SopsSourceOptions,
  file: string,
  location: SecretLocation,
): Promise<string> {
  return new Promise((done, fail) => {
    execFile(
      command,
      ["--decrypt", "--output-type", "json", file],
      { timeout: timeoutSeconds * 1000, killSignal: "SIGKILL", maxBuffer: MAX_BYTES, encoding: "utf8" },
      // What the command wrote is repeated nowhere: it may be half a file in the clear.
      (error, stdout) =>
        error === null
          ? done(stdout)
          : fail(unavailable("sops", location, whyNot(command, error, timeoutSeconds))),
    );
  });
}

function whyNot(
  command: string,
  error: { readonly code?: unknown; readonly killed?: boolean | undefined },
  timeoutSeconds: number,
): string {
  if (error.code === "ENOENT") return `there is no command "${command}"; install sops, or give its path`;
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `it is larger than ${MAX_BYTES} bytes`;
  if (error.killed) return `${command} did not end within ${timeoutSeconds} seconds`;
  return `${command} ended with ${String(error.code)}; run it by hand on the file to see why`;
}
