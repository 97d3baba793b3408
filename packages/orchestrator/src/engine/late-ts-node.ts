// In the place of ts-node in a pack's process: loads it, and TypeScript, with the first module that needs them.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const MANIFEST = join(process.cwd(), "package.json");
const require = createRequire(MANIFEST);

/** What the SDK hands to `register` of ts-node, as far as it matters here. */
interface TsNodeOptions {
  readonly compilerOptions: object;
}

/** Of the SDK's `tsutils`. */
interface TsTools {
  typeScriptRequireStrings: () => { readonly typescriptRequire: string; readonly tsnodeRequire: string };
  loadTypeScriptCompilerOptions: (path: string) => object;
}

let ofSdk: TsTools | undefined;

/** A tsconfig.json may give ts-node JavaScript to compile too; one beside a pack that is built already is not for it. */
function needsProject(): boolean {
  if (!existsSync("tsconfig.json")) return false;
  const { main }: { readonly main?: unknown } = JSON.parse(readFileSync(MANIFEST, "utf8"));
  return typeof main !== "string" || !main.endsWith(".mjs");
}

/** Has the SDK register this module where it would register ts-node. */
export function registerLate(): void {
  const tools: TsTools = require("@pulumi/pulumi/tsutils.js");
  if (needsProject()) return;
  ofSdk = { ...tools };
  tools.typeScriptRequireStrings = () => ({
    typescriptRequire: "typescript",
    tsnodeRequire: import.meta.filename,
  });
  tools.loadTypeScriptCompilerOptions = () => ({});
}

function registerNow(options: TsNodeOptions): void {
  if (ofSdk === undefined) return;
  const { tsnodeRequire, typescriptRequire } = ofSdk.typeScriptRequireStrings();
  const tsNode: { readonly register: (options: object) => void } = createRequire(
    require.resolve("@pulumi/pulumi/tsutils.js"),
  )(tsnodeRequire);
  const fromProject = ofSdk.loadTypeScriptCompilerOptions("tsconfig.json");
  tsNode.register({
    ...options,
    compiler: typescriptRequire,
    compilerOptions: { ...options.compilerOptions, ...fromProject },
  });
}

/** What the SDK calls: `register` of ts-node. */
export function register(options: TsNodeOptions): void {
  const { extensions } = require;
  const before = [".ts", ".tsx"].map((extension) => [extension, extensions[extension]] as const);
  for (const [extension] of before)
    extensions[extension] = (module, file) => {
      for (const [name, handler] of before)
        if (handler === undefined) delete extensions[name];
        else extensions[name] = handler;
      registerNow(options);
      extensions[extension]?.(module, file);
    };
}
