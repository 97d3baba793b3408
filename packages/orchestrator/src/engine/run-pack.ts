// Entry of a policy pack's process, in the pack's folder: the SDK's own entry, without what packs do not use of it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { deferSdkParts } from "./defer-sdk-parts.ts";
import { registerLate } from "./late-ts-node.ts";

const require = createRequire(join(process.cwd(), "package.json"));
deferSdkParts(require.resolve("@pulumi/pulumi/package.json"));
registerLate();
require("@pulumi/pulumi/cmd/run-policy-pack");
