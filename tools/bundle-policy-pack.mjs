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
  // Packages in CommonJS ask for Node's own modules by `require`, which a module does not have.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  external: ["@pulumi/policy", "@pulumi/pulumi"],
});
