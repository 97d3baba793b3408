#!/usr/bin/env node
// `groundplane-image`: makes an image with cloud-init for a `BaseImage`.
import { existsSync } from "node:fs";
import { ERROR_TABLE, EXIT_CODES, isGroundplaneError } from "@groundplane/contracts";
import { buildImage } from "./build-image.ts";
import { imageOptions, USAGE } from "./image-options.ts";
import { checkBuildMachine } from "./required-programs.ts";

async function main(argv: readonly string[]): Promise<number> {
  const options = imageOptions(argv);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return EXIT_CODES.done;
  }
  const { platform, arch, env } = process;
  checkBuildMachine(options.suite, options.mirrors, {
    ...{ platform, arch, env, has: existsSync },
    uid: process.getuid?.(),
  });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  const begin = performance.now();
  const step = (text: string) => {
    process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(0)} s: ${text}\n`);
  };
  const image = await buildImage(options, { step, signal: stop.signal });
  step("done");
  process.stdout.write(options.json ? `${JSON.stringify(image)}\n` : `${image.sha256}  ${image.file}\n`);
  return EXIT_CODES.done;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isGroundplaneError(error)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = ERROR_TABLE[error.code].exitCode;
}
