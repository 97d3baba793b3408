import { createRequire, Module } from "node:module";

/**
 * What `@pulumi/pulumi` loads with itself and few programs use: TypeScript and npm's tree (they serialize functions), and
 * the Automation API. Two thirds of its modules, and more than half of the time that it takes to load.
 */
const PARTS = ["./typescript-shim.js", "@npmcli/arborist", "./automation/index.js"];

/**
 * Has these parts of the SDK load when one of their members is first asked for. For a process of our own, before it
 * loads the SDK; a part that is not there, or is loaded already, is left alone.
 *
 * @param manifest Path of the package.json of the SDK that will be loaded.
 */
export function deferSdkParts(manifest: string): void {
  const require = createRequire(manifest);
  for (const part of PARTS) {
    const file = placeOf(require, part);
    if (file !== undefined && require.cache[file] === undefined) defer(require, file);
  }
}

function placeOf(require: NodeJS.Require, part: string): string | undefined {
  try {
    return require.resolve(part);
  } catch {
    return undefined;
  }
}

function defer(require: NodeJS.Require, file: string): void {
  const standIn = new Module(file);
  const load = () => {
    if (require.cache[file] === standIn) delete require.cache[file];
    return require(file);
  };
  standIn.filename = file;
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      // Asked by every module compiled from TypeScript; a "no" would have all members copied, and so loaded.
      get: (_target, key) => (key === "__esModule" ? true : Reflect.get(load(), key)),
      has: (_target, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_target, key) => {
        const part = load();
        if (!Object.hasOwn(part, key)) return undefined;
        // The proxy's own target has no members, so it may only tell of ones that could go.
        return { value: Reflect.get(part, key), enumerable: true, configurable: true, writable: false };
      },
    },
  );
  require.cache[file] = standIn;
}
