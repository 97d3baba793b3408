// `node ../../tools/bundle-policy-pack.mjs`, in a pack's folder: makes dist/pulumi.bundle.mjs of src/pulumi.ts.
// One file: the engine starts the pack anew for every preview and up, and resolving many small ones takes time.
import { build } from "esbuild";

await build({
  entryPoints: ["src/pulumi.ts"],
  outfile: "dist/pulumi.bundle.mjs",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minifySyntax: true,
  external: ["@pulumi/policy", "@pulumi/pulumi"],
});
