import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

let project: TestProject;

const PACKS = {
  throws:
    'export const pack = { name: "throws", version: "1.0.0", rules: [], review: async () => { throw new TypeError("rule broke"); } };',
  garbage:
    'export const pack = { name: "garbage", version: "1.0.0", rules: [], review: async () => [{ rule: 1 }] };',
  exits:
    'export const pack = { name: "exits", version: "1.0.0", rules: [], review: async () => process.exit(0) };',
} as const;
const QUIET = 'export const pack = { name: "moved", version: "1.0.0", rules: [], review: async () => [] };';
const ENGINE_SIDE = `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("quiet", { policies: [] });
`;
const ENGINE_THROWS = `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("loud", {
  policies: [{ name: "breaks", description: "breaks", enforcementLevel: "mandatory", validateResource: () => { throw new TypeError("engine rule broke"); } }],
});
`;

beforeAll(async () => {
  project = await TestProject.create([
    ...Object.keys(PACKS).map((name) => ({ name, more: `policyPacks: ["./packs/${name}"],` })),
    { name: "moved", more: 'approval: { type: "any-person" }, policyPacks: ["./packs/moved"],' },
    { name: "missing", more: 'policyPacks: ["@nobody/no-such-pack"],' },
    { name: "loud", more: 'policyPacks: ["./packs/loud"],' },
    { name: "broken", more: 'policyPacks: ["./packs/broken"],' },
  ]);
  const write = async (name: string, engineSide: string, review: string | undefined): Promise<void> => {
    const exports =
      review === undefined ? "" : ', "exports": { ".": "./review.mjs", "./package.json": "./package.json" }';
    await project.write(
      `packs/${name}/package.json`,
      `{ "name": "${name}", "version": "1.0.0", "type": "module", "main": "./pulumi.mjs"${exports} }`,
    );
    await project.write(`packs/${name}/PulumiPolicy.yaml`, "runtime: nodejs\nmain: pulumi.mjs\n");
    await project.write(`packs/${name}/pulumi.mjs`, engineSide);
    if (review !== undefined) await project.write(`packs/${name}/review.mjs`, review);
  };
  for (const [name, review] of Object.entries(PACKS)) await write(name, ENGINE_SIDE, review);
  await write("moved", ENGINE_SIDE, QUIET);
  await write("loud", ENGINE_THROWS, undefined);
  await write("broken", "this is no JavaScript", undefined);
});
afterAll(() => project.remove());

test.each([
  { environment: "throws", says: "rule broke" },
  { environment: "garbage", says: "not in order" },
  { environment: "exits", says: "ended" },
  { environment: "missing", says: "@nobody/no-such-pack" },
  { environment: "loud", says: "engine rule broke" },
  { environment: "broken", says: "" },
])("nothing is deployed past a pack that $environment", async ({ environment, says }) => {
  await project.use(async (orchestrator, events) => {
    const record = await orchestrator.deploy({ stack: "base", environment, requester: "ann" });
    expect(["DONE", "BLOCKED"]).toContain(record.state);
    expect(record.outcome).not.toBe("applied");
    expect(`${record.reason?.message} ${record.findings.map(({ message }) => message).join(" ")}`).toContain(
      says,
    );
    expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
  });
});

test("an approval is void when a pack changed since the review", async () => {
  await project.use(async (orchestrator, events) => {
    const waiting = await orchestrator.deploy({ stack: "base", environment: "moved", requester: "ann" });
    expect([waiting.state, waiting.reason?.message]).toEqual(["WAIT_FOR_APPROVE", undefined]);
    await project.write("packs/moved/review.mjs", `${QUIET}\n// one rule less`);
    const ended = await orchestrator.approve({ run: waiting.id, by: "ben" });
    expect([ended.outcome, ended.reason?.code]).toEqual(["expired", "APPROVAL_VOID"]);
    expect(ended.reason?.message).toContain("policyPacks");
    expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
  });
});
