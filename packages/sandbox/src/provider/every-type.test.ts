import type { JsonValue } from "@groundplane/contracts";
import type { Properties } from "@groundplane/provider";
import { afterAll, expect, test } from "vitest";
import { awsCloud } from "../aws/aws-cloud.ts";
import { readIndex } from "../catalog/catalog.ts";
import type { CatalogShard, InputProperty, Shape } from "../catalog/shape.ts";
import { SANDBOX_OUTPUT } from "../marks.ts";
import { SandboxFixture } from "./sandbox.fixture.ts";

const fixture = new SandboxFixture();
afterAll(() => fixture.dispose());

const ASSET = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };

/** The least value that the shape takes. */
function least(shape: Shape, shapes: CatalogShard["shapes"]): JsonValue {
  if (typeof shape === "string") return { s: "x", n: 1, b: true, asset: ASSET, "*": "x" }[shape];
  if (shape[0] === "a") return [least(shape[1], shapes)];
  if (shape[0] === "m") return { k: least(shape[1], shapes) };
  if (shape[0] === "e") return shape[1][0] ?? "x";
  if (shape[0] === "o") return required(shapes[shape[1]] ?? {}, shapes);
  const [, first = "*"] = shape;
  return least(first, shapes);
}

function required(
  properties: Readonly<Record<string, InputProperty>>,
  shapes: CatalogShard["shapes"],
): Properties {
  const needed = Object.entries(properties).filter(([, property]) => property.r === 1);
  return Object.fromEntries(needed.map(([name, property]) => [name, least(property.t, shapes)]));
}

/** Types with no rule of their own: what they do follows from the catalog alone. */
function generalTypes(): readonly (readonly [type: string, inputs: Properties])[] {
  const modules = Object.keys(readIndex(awsCloud.catalogFile).index.modules);
  return modules.flatMap((module) => {
    const { resources, shapes } = fixture.catalog.shard(module === "index" ? "aws:index" : `aws:${module}/`);
    return Object.entries(resources)
      .filter(([type]) => !type.startsWith("pulumi:") && Object.keys(awsCloud.rule(type)).length === 0)
      .map(([type, { inputs }]) => [type, required(inputs, shapes)] as const);
  });
}

test("every type of the SDK is created, and then is the same on check, diff, read and update, and goes", () => {
  const types = generalTypes();
  expect(types.length).toBeGreaterThan(1600);
  for (const [type, inputs] of types) {
    const made = fixture.create(type, "it", inputs);
    const subject = { urn: fixture.urn(type, "it"), id: made.id };
    expect(made.id, type).not.toBe("");
    expect(made.outputs[SANDBOX_OUTPUT], type).toBe(fixture.store.id);
    const again = fixture.check(type, "it", inputs, made.inputs).inputs;
    expect(again, type).toEqual(made.inputs);
    expect(fixture.provider.diff(subject.urn, made.outputs, made.inputs, again).diffs, type).toEqual([]);
    const read = fixture.provider.read(subject, made.outputs, made.inputs);
    expect(read, type).toEqual({ id: made.id, outputs: made.outputs, inputs: made.inputs });
    expect(fixture.provider.update(subject, made.outputs, made.inputs, false).outputs, type).toEqual(
      made.outputs,
    );
    expect(fixture.provider.update(subject, made.outputs, made.inputs, true).outputs, type).toEqual(
      made.outputs,
    );
    fixture.delete(type, "it", made);
  }
  expect(fixture.store.list()).toEqual([]);
}, 60_000);
