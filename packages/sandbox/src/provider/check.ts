import { type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import {
  isAsset,
  isList,
  isObject,
  isSecret,
  joinPath,
  type Properties,
  secretOf,
} from "@groundplane/provider";
import type { CatalogShard, InputProperty, Shape } from "../catalog/shape.ts";
import type { Problem } from "./cloud.ts";
import { didYouMean } from "./suggest.ts";

/** Everything that is wrong with these inputs, by the SDK's own typings. Values of secrets are not repeated. */
export function checkInputs(
  type: string,
  inputs: Properties,
  properties: Readonly<Record<string, InputProperty>>,
  shapes: CatalogShard["shapes"],
): readonly Problem[] {
  const problems: Problem[] = [];
  const check = new ShapeCheck(shapes, problems);
  check.object(inputs, properties, type, "", false);
  return problems;
}

class ShapeCheck {
  readonly #shapes: CatalogShard["shapes"];
  readonly #problems: Problem[];

  constructor(shapes: CatalogShard["shapes"], problems: Problem[]) {
    this.#shapes = shapes;
    this.#problems = problems;
  }

  object(
    value: Properties,
    properties: Readonly<Record<string, InputProperty>>,
    owner: string,
    path: string,
    secret: boolean,
  ): void {
    for (const [name, item] of Object.entries(value)) {
      // `__defaults` and its like are the provider's own notes.
      if (name.startsWith("__")) continue;
      const property = properties[name];
      const at = joinPath(path, name);
      if (property === undefined)
        this.#problem(at, `${owner} has no property "${name}".${didYouMean(name, Object.keys(properties))}`);
      else if (item !== null) this.value(item, property.t, at, secret);
    }
    for (const [name, property] of Object.entries(properties))
      if (property.r === 1 && (value[name] === undefined || value[name] === null))
        this.#problem(joinPath(path, name), `${owner} needs "${name}": give it a value`);
  }

  value(value: JsonValue, shape: Shape, path: string, secret: boolean): void {
    if (value === UNKNOWN_TEXT || value === null || shape === "*") return;
    if (isSecret(value)) this.value(value.value, shape, path, true);
    else if (typeof shape === "string") this.#scalar(value, shape, path, secret);
    else if (shape[0] === "a") {
      if (isList(value))
        value.forEach((item, at) => void this.value(item, shape[1], joinPath(path, at), secret));
      else this.#wrong(value, "a list", path, secret);
    } else if (shape[0] === "m") {
      if (isObject(value))
        for (const [key, item] of Object.entries(value))
          this.value(item, shape[1], joinPath(path, key), secret);
      else this.#wrong(value, "a map", path, secret);
    } else if (shape[0] === "o") {
      const properties = this.#shapes[shape[1]];
      if (!isObject(value)) this.#wrong(value, "an object", path, secret);
      else if (properties !== undefined) this.object(value, properties, `"${path}"`, path, secret);
    } else if (shape[0] === "e") {
      if (typeof value !== "string") this.#wrong(value, "a string", path, secret);
      else if (shape[2] === "closed" && !shape[1].includes(value))
        this.#problem(
          path,
          `${secret ? "the secret value" : `"${value}"`} is none of ${shape[1].map((one) => `"${one}"`).join(", ")}.${secret ? "" : didYouMean(value, shape[1])}`,
        );
    } else if (!this.#alternatives(shape).some((one) => this.#fits(value, one)))
      this.#wrong(value, this.#alternatives(shape).map(nameOf).join(" or "), path, secret);
  }

  #alternatives(shape: readonly ["u", ...Shape[]]): readonly Shape[] {
    const [, ...alternatives] = shape;
    return alternatives;
  }

  #fits(value: JsonValue, shape: Shape): boolean {
    const problems: Problem[] = [];
    new ShapeCheck(this.#shapes, problems).value(value, shape, "", false);
    return problems.length === 0;
  }

  #scalar(value: JsonValue, shape: "s" | "n" | "b" | "asset", path: string, secret: boolean): void {
    // The engine's wire makes no difference between "1" and 1 in config and stack outputs; the real provider converts too.
    const fits = {
      s: typeof value !== "object",
      n:
        typeof value === "number" ||
        (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))),
      b: typeof value === "boolean" || value === "true" || value === "false",
      asset: isAsset(value),
    }[shape];
    if (!fits) this.#wrong(value, nameOf(shape), path, secret);
  }

  #wrong(value: JsonValue, expected: string, path: string, secret: boolean): void {
    this.#problem(path, `${secret ? "the secret value" : show(value)} is not ${expected}`);
  }

  #problem(property: string, reason: string): void {
    this.#problems.push({ property, reason });
  }
}

function nameOf(shape: Shape): string {
  if (typeof shape !== "string")
    return { a: "a list", m: "a map", o: "an object", e: "a string", u: "a value" }[shape[0]];
  return { s: "a string", n: "a number", b: "true or false", asset: "an asset or archive", "*": "a value" }[
    shape
  ];
}

function show(value: JsonValue): string {
  const text = JSON.stringify(value, (_key, inner: JsonValue) => (isSecret(inner) ? "[secret]" : inner));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Scalars in the type that the SDK declares, and policy documents given as objects as the JSON text the cloud takes. */
export function normalise(
  inputs: Properties,
  properties: Readonly<Record<string, InputProperty>>,
  shapes: CatalogShard["shapes"],
): Properties {
  const result: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value === null) continue;
    const shape = properties[name]?.t;
    result[name] = shape === undefined ? value : convert(value, shape, shapes);
  }
  return result;
}

function convert(value: JsonValue, shape: Shape, shapes: CatalogShard["shapes"]): JsonValue {
  if (isSecret(value)) return secretOf(convert(value.value, shape, shapes));
  if (value === UNKNOWN_TEXT || value === null) return value;
  if (shape === "s") return typeof value === "object" ? value : String(value);
  if (shape === "n") return typeof value === "string" && value !== "" ? Number(value) : value;
  if (shape === "b") return value === "true" ? true : value === "false" ? false : value;
  if (typeof shape === "string") return value;
  if (shape[0] === "a" && isList(value)) return value.map((item) => convert(item, shape[1], shapes));
  if (shape[0] === "m" && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, convert(item, shape[1], shapes)]),
    );
  if (shape[0] === "o" && isObject(value)) return normalise(value, shapes[shape[1]] ?? {}, shapes);
  // `string | PolicyDocument` comes out as a string.
  if (shape[0] === "u" && shape.includes("s") && isObject(value)) return policyText(value);
  return value;
}

/** A document with an unknown in it is unknown as a text, and one with a secret in it is secret as a text. */
function policyText(value: Properties): JsonValue {
  let unknown = false;
  let secret = false;
  const text = JSON.stringify(value, (_key, inner: JsonValue) => {
    if (inner === UNKNOWN_TEXT) unknown = true;
    if (!isSecret(inner)) return inner;
    secret = true;
    return inner.value;
  });
  if (unknown) return UNKNOWN_TEXT;
  return secret ? secretOf(text) : text;
}
