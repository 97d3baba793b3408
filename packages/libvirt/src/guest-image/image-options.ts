import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { invalidArgument } from "@groundplane/contracts";
import { isSuite, SUITES, type Suite } from "./suites.ts";

export const USAGE = `Usage: groundplane-image [options] <image.qcow2>

Makes an image of Debian or Ubuntu with cloud-init, for virtual machines that start by BIOS on amd64.

  --suite <name>      ${Object.keys(SUITES).join(", ")} (default: bookworm)
  --mirror <source>   instead of the distribution's own archive: a URL, or a whole line of sources.list; again for more
  --package <name>    one more package; again for more
  --customize <file>  a program, run as root inside the image once all packages are there
  --json              the result as JSON on standard output
  --help              this text

It needs root, mmdebstrap, e2fsprogs and qemu-utils. It prints the image's SHA-256 as sha256sum does, and progress on
standard error. TMPDIR is where it works: about 3 GB.
`;

/** What an image is made of. */
export interface ImageOptions {
  /** @format absolute path */
  readonly file: string;
  readonly suite: Suite;
  readonly mirrors: readonly string[];
  readonly packages: readonly string[];
  /** Of a program that is run inside. @format absolute path */
  readonly customize?: string;
  readonly json: boolean;
}

const OPTIONS = {
  suite: { type: "string", default: "bookworm" },
  mirror: { type: "string", multiple: true },
  package: { type: "string", multiple: true },
  customize: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw invalidArgument(`${message}: see groundplane-image --help`, {});
  }
}

function outputFile(positionals: readonly string[]): string {
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0)
    throw invalidArgument(
      `give one file to write, and not ${positionals.length}: see groundplane-image --help`,
      {
        files: [...positionals],
      },
    );
  const file = resolve(given);
  const refuse = (why: string) =>
    invalidArgument(`the image cannot be written to "${file}": ${why}`, { argument: "file", file });
  if (!existsSync(dirname(file))) throw refuse("there is no such folder; make it first");
  if (existsSync(file) && !statSync(file).isFile()) throw refuse("that is no file");
  return file;
}

function program(given: string): string {
  const file = resolve(given);
  if (!existsSync(file) || !statSync(file).isFile() || (statSync(file).mode & 0o111) === 0)
    throw invalidArgument(`--customize is "${file}": give a file that may be executed (chmod +x)`, {
      argument: "customize",
      file,
    });
  return file;
}

/**
 * What the command line asks for.
 *
 * @returns undefined when it asks for help.
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export function imageOptions(argv: readonly string[]): ImageOptions | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const { suite, mirror: mirrors = [], package: packages = [], customize } = values;
  if (!isSuite(suite))
    throw invalidArgument(`--suite is "${suite}"; choose one of ${Object.keys(SUITES).join(", ")}`, {
      suite,
    });
  for (const name of packages)
    if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name))
      throw invalidArgument(`--package is "${name}": give the name of a Debian package`, { name });
  for (const source of mirrors)
    if (!/^(deb (\[[^\]]+\] )?)?(https?|file):\/\/[^\s'"]+( [^'"\n]+)?$/.test(source))
      throw invalidArgument(
        `--mirror is "${source}": give a URL such as http://deb.debian.org/debian, or a line that begins with "deb "`,
        { source },
      );
  return {
    file: outputFile(positionals),
    suite,
    mirrors,
    packages,
    ...(customize !== undefined && { customize: program(customize) }),
    json: values.json,
  };
}
