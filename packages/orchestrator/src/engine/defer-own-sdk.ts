// `@groundplane/orchestrator/lean-sdk`: imported before anything that imports the SDK, by processes of our own.
import { createRequire } from "node:module";
import { deferSdkParts } from "./defer-sdk-parts.ts";

deferSdkParts(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
