// Started by official-installer.ts with the folder to install into. The version is the SDK's own.
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

const root = process.argv[2];
if (root === undefined) {
  process.stderr.write("usage: official-installer-child <folder>\n");
  process.exitCode = 64;
} else {
  try {
    await PulumiCommand.install({ root });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
