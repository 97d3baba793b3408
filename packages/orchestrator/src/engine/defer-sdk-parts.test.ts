import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";

// Processes that load the whole SDK, on a machine that does much else.
vi.setConfig({ testTimeout: 60_000 });

const PARTS = new URL("./defer-sdk-parts.ts", import.meta.url).href;
const OWN = new URL("./defer-own-sdk.ts", import.meta.url).href;

/** What a process of its own prints as JSON; it is done once the SDK's own handles are. */
async function told(script: string): Promise<unknown> {
  const prelude = `
import { createRequire } from "node:module";
const require = createRequire(${JSON.stringify(OWN)});
const sdk = require.resolve("@pulumi/pulumi/package.json");
const loaded = () => ["typescript/", "@npmcli/arborist/", "@pulumi/pulumi/automation/"].filter((part) =>
  Object.values(require.cache).some(({ filename, children }) => children.length > 0 && filename.includes("node_modules/" + part)),
);
const tell = (value) => process.stdout.write(JSON.stringify(value), () => process.exit(0));
`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", prelude + script],
    { cwd: import.meta.dirname },
  );
  return JSON.parse(stdout);
}

test("the pinned SDK loads without the parts that few programs use", async () => {
  const [plain, deferred] = await Promise.all([
    told(`await import("@pulumi/pulumi"); tell(Object.keys(require.cache).length);`),
    told(
      `await import("${OWN}"); await import("@pulumi/pulumi"); tell([loaded(), Object.keys(require.cache).length]);`,
    ),
  ]);
  expect(deferred).toEqual([[], expect.any(Number)]);
  const [, modules] = deferred as readonly [unknown, number];
  expect(modules).toBeLessThan(Number(plain) / 2);
});

test("each part is there once it is used: functions are serialized, the Automation API works, by every kind of import", async () => {
  const said = await told(`
await import("${OWN}");
const pulumi = await import("@pulumi/pulumi");
const text = await pulumi.runtime.serializeFunction(() => 42);
const paths = await pulumi.runtime.computeCodePaths();
const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
const ts = require(require.resolve("@pulumi/pulumi/typescript-shim.js"));
tell({
  text: text.text.includes("=> 42"),
  paths: paths instanceof Map,
  same: LocalWorkspace === pulumi.automation.LocalWorkspace && LocalWorkspace === require("@pulumi/pulumi/automation").LocalWorkspace,
  workspace: typeof LocalWorkspace.create,
  members: Object.keys(pulumi.automation).includes("LocalWorkspace") && "Stack" in pulumi.automation,
  ts: typeof ts.createSourceFile,
});`);
  expect(said).toEqual({
    text: true,
    paths: true,
    same: true,
    workspace: "function",
    members: true,
    ts: "function",
  });
});

test("what is loaded already, or is not there, is left alone", async () => {
  const said = await told(`
const { deferSdkParts } = await import("${PARTS}");
const before = require("@pulumi/pulumi/automation");
deferSdkParts(sdk);
deferSdkParts("/nowhere/package.json");
tell(require("@pulumi/pulumi/automation") === before);`);
  expect(said).toBe(true);
});
