import { readdirSync } from "node:fs";
import { jsonValueSchema } from "@groundplane/contracts";
import { resourceInputProblems } from "@groundplane/sandbox";
import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { effectsOf } from "../argument-effects.ts";
import { type Recording, record, resolved } from "../recording-mocks.ts";

const inputsSchema = z.record(z.string(), jsonValueSchema);
/** Each page is of the folder with its name. */
const components = readdirSync(new URL("../../packages/libvirt/docs/", import.meta.url)).map((file) =>
  file.replace(/\.md$/, ""),
);

describe.each(components)("libvirt %s", async (component) => {
  const {
    base,
    full = base,
    create,
    compute,
    unregistered = [],
    ownNames = [],
  } = await effectsOf(component, "libvirt");
  const type = `groundplane:libvirt:${component.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
  const named = new RegExp(`^(${["unit", ...ownNames].join("|")})(-[a-z0-9]+)*$`);
  let recording: Recording<pulumi.ComponentResource>;
  beforeAll(async () => {
    recording = await record((options) => create(full, options), compute);
  });
  /** But for what stands outside of it: the hypervisor's provider. */
  const own = () => recording.resources.filter(({ name }) => named.test(name));

  test("is a component of its own type", async () => {
    expect(await resolved(recording.component.urn)).toMatch(new RegExp(`::${type}::unit$`));
  });

  test("has every resource that it creates below it, named after itself and its role", () => {
    const below = recording.children.map(({ name }) => name);
    expect(below.length).toBeGreaterThan(0);
    expect(own().map(({ name }) => name)).toEqual(["unit", ...below].toSorted());
    expect(below.filter((name) => !named.test(name) || name === "unit")).toEqual([]);
    const keys = recording.children.map(({ type: childType, name }) => `${childType} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("puts nothing on a default provider", () => {
    const onHosts = own().filter((resource) => resource.type.startsWith("libvirt:"));
    expect(onHosts.filter(({ provider }) => !provider.includes("pulumi:providers:libvirt::"))).toEqual([]);
  });

  test("asks its cloud nothing while it is declared", () => {
    expect(recording.calls).toEqual([]);
  });

  test("gives each resource what its provider takes", () => {
    const onHosts = own().filter((resource) => resource.type.startsWith("libvirt:"));
    const problems = onHosts.flatMap((resource) =>
      resourceInputProblems(resource.type, inputsSchema.parse(JSON.parse(JSON.stringify(resource.inputs)))),
    );
    expect(problems).toEqual([]);
  });

  test("registers each of its outputs, and shows its children under nodes", () => {
    const outputs = Object.keys(recording.component).filter(
      (key) => key !== "urn" && key !== "nodes" && !key.startsWith("__") && !unregistered.includes(key),
    );
    expect(Object.keys(recording.outputs ?? {}).toSorted()).toEqual(outputs.toSorted());
    expect(Object.values(recording.outputs ?? {})).not.toContain(undefined);
    expect(Reflect.get(recording.component, "nodes")).toBeTypeOf("object");
  });

  test("asks for the same a second time", async () => {
    expect((await record((options) => create(full, options), compute)).resources).toEqual(
      recording.resources,
    );
  });
});
