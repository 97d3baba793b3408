import { isGroundplaneError, SANDBOX_OUTPUT, type SandboxCloud } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { defineEnvironment } from "../define/environment.ts";
import { parseState } from "../engine/stack-state.ts";
import { refuseMixedState } from "./sandbox-mixture.ts";

const sandbox: SandboxCloud = {
  kind: "sandbox",
  clouds: ["aws"],
  prepare: async () => ({ env: {}, plugins: [] }),
  findMarks: () => [],
};
const environment = (cloud: "real" | SandboxCloud) =>
  defineEnvironment({
    name: "dev",
    cloud,
    policyPacks: [],
    approval: { type: "automatic" },
    tags: { Environment: "dev", Project: "shop", Owner: "team", ManagedBy: "groundplane" },
  });
const state = (resources: readonly Readonly<Record<string, unknown>>[]) =>
  parseState(
    { project: "net", stack: "dev" },
    JSON.stringify({
      version: 3,
      deployment: {
        manifest: {},
        resources: [{ urn: "urn:stack", type: "pulumi:pulumi:Stack" }, ...resources],
      },
    }),
  );
const real = { urn: "urn:real", type: "aws:ec2/vpc:Vpc", custom: true, outputs: { arn: "arn:1" } };
const marked = {
  urn: "urn:marked",
  type: "aws:ec2/vpc:Vpc",
  custom: true,
  outputs: { [SANDBOX_OUTPUT]: true },
};
const component = { urn: "urn:component", type: "aws:x:Component", custom: false, outputs: {} };
const other = { urn: "urn:other", type: "random:index/randomId:RandomId", custom: true, outputs: {} };

function refused(
  cloud: "real" | SandboxCloud,
  resources: readonly Readonly<Record<string, unknown>>[],
): unknown {
  try {
    refuseMixedState(environment(cloud), state(resources));
    return undefined;
  } catch (error) {
    expect(isGroundplaneError(error) && error.code).toBe("STATE_KIND_MISMATCH");
    return isGroundplaneError(error) ? error.facts["urn"] : undefined;
  }
}

describe("refuseMixedState", () => {
  test("lets each kind have its own, and components and other clouds' resources", () => {
    expect(refused("real", [])).toBeUndefined();
    expect(refused("real", [real, component, other])).toBeUndefined();
    expect(refused(sandbox, [marked, component, other])).toBeUndefined();
  });

  test("fails when one resource of a sandbox is in a real state, even one without outputs otherwise", () => {
    expect(refused("real", [real, marked])).toBe("urn:marked");
  });

  test("tells a volume of libvirt by its mark, since its id is a path that a real host may have too", () => {
    const rack: SandboxCloud = { ...sandbox, clouds: ["libvirt", "groundplane-machine"] };
    const volume = {
      ...{ urn: "urn:volume", type: "libvirt:index/volume:Volume", custom: true },
      id: "/var/lib/libvirt/images/athena",
      outputs: { name: "athena" },
    };
    const setup = { urn: "urn:setup", type: "groundplane-machine:index:Setup", custom: true, outputs: {} };
    const own = (one: typeof volume | typeof setup) => ({
      ...one,
      outputs: { ...one.outputs, [SANDBOX_OUTPUT]: "0123456789abcdef" },
    });
    const provider = { urn: "urn:host", type: "pulumi:providers:libvirt", custom: true, outputs: {} };
    expect(refused(rack, [provider, own(volume), own(setup)])).toBeUndefined();
    expect(refused(rack, [provider, own(setup), volume])).toBe("urn:volume");
    expect(refused(rack, [provider, own(volume), setup])).toBe("urn:setup");
    expect(refused("real", [provider, volume, setup])).toBeUndefined();
    expect(refused("real", [provider, own(volume)])).toBe("urn:volume");
  });

  test("fails when one real resource is in a sandbox's state, and when it has no outputs at all", () => {
    expect(refused(sandbox, [marked, real])).toBe("urn:real");
    const { outputs: _outputs, ...bare } = real;
    expect(refused(sandbox, [bare])).toBe("urn:real");
  });
});
