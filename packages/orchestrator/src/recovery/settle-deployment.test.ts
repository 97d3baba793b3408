import { describe, expect, test } from "vitest";
import { parseState, type StackState } from "../engine/stack-state.ts";
import { settledDeployment, withRead } from "./settle-deployment.ts";

const urn = (name: string): string => `urn:pulumi:dev::base::aws:ec2/vpc:Vpc::${name}`;
const resource = (name: string, more: object = {}) => ({
  ...{ urn: urn(name), type: "aws:ec2/vpc:Vpc", custom: true, inputs: { cidrBlock: "10.0.0.0/16" } },
  ...more,
});

function state(
  resources: readonly object[],
  marks: readonly { type: string; resource: object }[],
): StackState {
  const deployment = { manifest: {}, resources, pending_operations: marks, metadata: { kept: true } };
  return parseState({ project: "base", stack: "dev" }, JSON.stringify({ version: 3, deployment }));
}

function settled(
  before: StackState,
  gone: readonly string[],
  adopted: readonly (readonly [string, string])[] = [],
) {
  const { text, read } = settledDeployment(before, {
    gone: gone.map(urn),
    adopted: adopted.map(([name, id]) => ({ urn: urn(name), id })),
  });
  const after = parseState({ project: "base", stack: "dev" }, text);
  return { after, read, text };
}

const ids = ({ resources }: StackState) =>
  resources.map(({ urn: each, id, delete: gone }) => [each.split("::").at(-1), id, gone === true]);

describe("a state whose marks are settled", () => {
  const creating = (name: string) => ({ type: "creating", resource: resource(name) });

  test("has what is adopted, with its id and its reviewed inputs, and asks the cloud for it", () => {
    const before = state([resource("a", { id: "vpc-a" })], [creating("b"), creating("c")]);
    const { after, read, text } = settled(before, ["c"], [["b", "vpc-b"]]);
    expect(ids(after)).toEqual([
      ["a", "vpc-a", false],
      ["b", "vpc-b", false],
    ]);
    expect(after.resources[1]?.inputs).toEqual({ cidrBlock: "10.0.0.0/16" });
    expect(after.pendingOperations).toEqual([]);
    expect(read).toEqual([urn("b")]);
    expect(JSON.parse(text)).toMatchObject({ deployment: { metadata: { kept: true } } });
  });

  test("asks the cloud for what was updated or deleted, and forgets what was only read", () => {
    const before = state(
      [resource("a", { id: "vpc-a" }), resource("b", { id: "vpc-b" })],
      [
        { type: "updating", resource: resource("a", { id: "vpc-a" }) },
        { type: "deleting", resource: resource("b", { id: "vpc-b" }) },
        { type: "reading", resource: resource("r", { id: "vpc-r" }) },
      ],
    );
    const { after, read } = settled(before, []);
    expect(ids(after)).toHaveLength(2);
    expect([after.pendingOperations, read]).toEqual([[], [urn("a"), urn("b")]]);
  });

  test("puts an adopted replacement in the place of the old one, which waits for its deletion", () => {
    const before = state(
      [resource("x", { id: "vpc-x" }), resource("a", { id: "old" }), resource("y", { id: "vpc-y" })],
      [creating("a")],
    );
    expect(ids(settled(before, [], [["a", "new"]]).after)).toEqual([
      ["x", "vpc-x", false],
      ["a", "new", false],
      ["a", "old", true],
      ["y", "vpc-y", false],
    ]);
  });

  test("drops the old one where it was deleted before the new one was made", () => {
    const before = state([resource("a", { id: "old", pendingReplacement: true })], [creating("a")]);
    expect(ids(settled(before, [], [["a", "new"]]).after)).toEqual([["a", "new", false]]);
  });

  test("takes what was read of the cloud, and leaves all else as it stood", () => {
    const before = state([resource("a", { id: "vpc-a", inputs: { key: "v1:old" } })], [creating("b")]);
    const settlement = { gone: [], adopted: [{ urn: urn("b"), id: "vpc-b" }] };
    const deployment = settledDeployment(before, settlement);
    const found = state(
      [
        resource("a", { id: "vpc-a", inputs: { key: "v1:new" } }),
        resource("b", { id: "vpc-b", outputs: { arn: "arn:b" } }),
      ],
      [],
    );
    const after = parseState({ project: "base", stack: "dev" }, withRead(deployment, found));
    expect(after.resources.map(({ inputs, outputs }) => inputs?.["key"] ?? outputs?.["arn"])).toEqual([
      "v1:old",
      "arn:b",
    ]);
    // What the cloud does not have: the engine's word, in which nothing depends on it any more.
    expect(withRead(deployment, state([resource("a", { id: "vpc-a" })], []))).not.toContain("vpc-b");
  });

  test.each([
    ["a creation is left undecided", ["b"], [], /these are left: .*::c\./],
    [
      "something is decided that is not pending",
      ["b", "c", "d"],
      [],
      /no creation of these is pending: .*::d\./,
    ],
    ["an update is decided by a word", ["b", "c", "u"], [], /read from the cloud/],
    ["something is decided twice", ["b", "c"], [["b", "vpc-9"]], /decided more than once: .*::b\./],
    ["an id is another resource's", ["c"], [["b", "vpc-a"]], /"vpc-a" is .*::a already/],
  ] as const)("fails when %s", (_what, gone, adopted, words) => {
    const before = state(
      [resource("a", { id: "vpc-a" }), resource("u", { id: "vpc-u" })],
      [creating("b"), creating("c"), { type: "updating", resource: resource("u", { id: "vpc-u" }) }],
    );
    expect(() => settled(before, gone, adopted)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringMatching(words) }),
    );
  });
});
