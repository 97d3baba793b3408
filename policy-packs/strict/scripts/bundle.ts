import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// One file: the engine starts the pack anew for every preview and up, and resolving many small ones takes time.
await build({
  entryPoints: [fileURLToPath(new URL("../src/pulumi.ts", import.meta.url))],
  outfile: fileURLToPath(new URL("../dist/pulumi.bundle.mjs", import.meta.url)),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minifySyntax: true,
  external: ["@pulumi/policy", "@pulumi/pulumi"],
});
