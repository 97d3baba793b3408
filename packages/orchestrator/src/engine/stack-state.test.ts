import { isGroundplaneError } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseState, type StackState, stackOutputsOf } from "./stack-state.ts";

const SUBJECT = { project: "base", stack: "dev" };
const STACK_URN = "urn:pulumi:dev::base::pulumi:pulumi:Stack::base-dev";
const VPC_URN = "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main";

const exported = {
  version: 3,
  deployment: {
    manifest: { time: "2026-11-21T05:57:59.512725568Z", magic: "22b7", version: "v3.220.0" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } },
    resources: [
      { urn: STACK_URN, custom: false, type: "pulumi:pulumi:Stack", outputs: { vpcId: "vpc-1" } },
      {
        urn: VPC_URN,
        custom: true,
        id: "vpc-1",
        type: "aws:ec2/vpc:Vpc",
        inputs: { cidrBlock: "10.0.0.0/16", tags: { Owner: "team" } },
        outputs: { arn: "arn:aws:ec2:::vpc/vpc-1" },
        protect: true,
        sourcePosition: "project:///index.ts#1,1",
      },
    ],
    pending_operations: [{ type: "creating", resource: { urn: `${VPC_URN}2`, type: "aws:ec2/vpc:Vpc" } }],
    metadata: {},
  },
};
const TEXT = JSON.stringify(exported);

/** The export with one place in it changed. */
function changed(change: (copy: typeof exported) => void): StackState {
  const copy = structuredClone(exported);
  change(copy);
  return parseState(SUBJECT, JSON.stringify(copy));
}

function tryToParse(text: string): StackState | undefined {
  try {
    return parseState(SUBJECT, text);
  } catch (error) {
    expect(isGroundplaneError(error) && error.code).toBe("STATE_CORRUPT");
    return undefined;
  }
}

describe("parseState", () => {
  const state = parseState(SUBJECT, TEXT);

  test("reads resources whole, pending operations and the salt", () => {
    expect(state).toMatchObject({
      exists: true,
      resources: exported.deployment.resources,
      pendingOperations: [{ type: "creating", urn: `${VPC_URN}2` }],
      salt: "v1:salt",
      text: TEXT,
    });
  });

  test("reads a stack that was made and never deployed", () => {
    const { manifest, secrets_providers, metadata } = exported.deployment;
    const text = JSON.stringify({ version: 3, deployment: { manifest, secrets_providers, metadata } });
    expect(parseState(SUBJECT, text)).toMatchObject({ exists: true, resources: [], pendingOperations: [] });
  });

  test.each([
    ["is empty", ""],
    ["is cut short", TEXT.slice(0, -1)],
    ["has no deployment", '{"version":3}'],
    ["has null for a deployment", '{"version":3,"deployment":null}'],
    ["has no version", JSON.stringify({ deployment: exported.deployment })],
    ["is null", "null"],
    ["is a list", "[]"],
    ["has resources that are no list", '{"version":3,"deployment":{"manifest":{},"resources":{}}}'],
    [
      "has a resource without a URN",
      '{"version":3,"deployment":{"manifest":{},"resources":[{"type":"a:b:C"}]}}',
    ],
    [
      "names its resources otherwise",
      JSON.stringify({
        version: 3,
        deployment: { manifest: exported.deployment.manifest, resourcez: exported.deployment.resources },
      }),
    ],
    ["is an error page", "<html>503</html>"],
  ])("fails when the export %s", (_why, text) => {
    expect(tryToParse(text)).toBeUndefined();
  });

  test("fails wherever the text is cut", () => {
    for (let length = 0; length < TEXT.length; length += 1)
      expect(tryToParse(TEXT.slice(0, length)), `cut at ${length}`).toBeUndefined();
  });

  test("never takes a damaged export for one with fewer resources", () => {
    const byte = fc.integer({ min: 0, max: TEXT.length - 1 });
    fc.assert(
      fc.property(byte, fc.constantFrom("", "x", '"', "}", ",", "0", "\\"), (at, put) => {
        const damaged = tryToParse(TEXT.slice(0, at) + put + TEXT.slice(at + 1));
        if (damaged === undefined) return;
        expect(damaged.resources).toHaveLength(state.resources.length);
        expect(damaged.pendingOperations).toHaveLength(state.pendingOperations.length);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("the digest of a state", () => {
  const { digest } = parseState(SUBJECT, TEXT);

  test("ignores when it was written, how it is laid out, and in which order its keys stand", () => {
    expect(changed(({ deployment }) => (deployment.manifest.time = "2027-01-01T00:00:00Z")).digest).toBe(
      digest,
    );
    expect(parseState(SUBJECT, JSON.stringify(exported, null, 4)).digest).toBe(digest);
    const { version, deployment } = exported;
    expect(parseState(SUBJECT, JSON.stringify({ deployment, version })).digest).toBe(digest);
  });

  test.each<[string, (resource: Record<string, unknown>) => void]>([
    ["an input moves", (resource) => (resource["inputs"] = { cidrBlock: "10.1.0.0/16" })],
    ["an output moves", (resource) => (resource["outputs"] = {})],
    ["the id moves", (resource) => (resource["id"] = "vpc-2")],
    ["protection is taken off", (resource) => delete resource["protect"]],
    ["a field that is not read here moves", (resource) => (resource["sourcePosition"] = "elsewhere")],
    ["a dependency is added", (resource) => (resource["dependencies"] = [STACK_URN])],
    ["it is marked for deletion", (resource) => (resource["delete"] = true)],
  ])("moves when %s", (_what, move) => {
    const moved = changed(({ deployment }) => {
      const vpc = deployment.resources[1];
      if (vpc !== undefined) move(vpc);
    });
    expect(moved.digest).not.toBe(digest);
  });

  test("moves when a resource goes, or an operation was left pending", () => {
    expect(changed(({ deployment }) => deployment.resources.pop()).digest).not.toBe(digest);
    expect(changed(({ deployment }) => deployment.pending_operations.pop()).digest).not.toBe(digest);
  });

  test("moves with any text in a resource", () => {
    const path = fc.constantFrom("urn", "id", "type");
    fc.assert(
      fc.property(path, fc.string({ minLength: 1 }), (key, text) => {
        const moved = changed(({ deployment }) =>
          Object.assign(deployment.resources[1] ?? {}, { [key]: text }),
        );
        expect(moved.digest).not.toBe(digest);
      }),
    );
  });
});

describe("stackOutputsOf", () => {
  test("are those of the stack that is there, not of one to be deleted", () => {
    const old = { urn: STACK_URN, type: "pulumi:pulumi:Stack", delete: true, outputs: { vpcId: "old" } };
    const text = JSON.stringify({
      ...exported,
      deployment: { ...exported.deployment, resources: [old, ...exported.deployment.resources] },
    });
    expect(stackOutputsOf(parseState(SUBJECT, text))).toEqual({ vpcId: "vpc-1" });
  });

  test("are none without a stack", () => {
    const text = JSON.stringify({ ...exported, deployment: { ...exported.deployment, resources: [] } });
    expect(stackOutputsOf(parseState(SUBJECT, text))).toEqual({});
  });
});
