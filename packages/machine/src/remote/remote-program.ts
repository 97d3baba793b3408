import { shellQuote } from "@groundplane/contracts";

/** Without what a login sets: the same on every machine. */
const ENVIRONMENT = `
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive
export PATH LC_ALL DEBIAN_FRONTEND
`;

/** What a program says when it fails by itself, apart from what it runs. */
export const PROGRAM_FAILED = "groundplane: ";

const FAIL = `fail() { echo "${PROGRAM_FAILED}$*" >&2; exit 120; }\n`;

/** A program in POSIX shell, which is the same text for everybody: what differs are its arguments, and none is a secret. */
export function commandLine(
  program: string,
  args: readonly (string | number)[],
  root: "sudo" | "as-is",
): string {
  const words = ["/bin/sh", "-c", `${ENVIRONMENT}${FAIL}${program}`, "groundplane", ...args.map(String)];
  return [...(root === "sudo" ? ["sudo", "-n", "--"] : []), ...words.map(shellQuote)].join(" ");
}
