import { z } from "zod";

/** In zod's own metadata, which goes along when a schema is described or narrowed, and which all copies share. */
const MARK = "groundplaneSecret";
declare const secretBrand: unique symbol;

/** A schema whose value is a secret: it reaches a program as an `Output`, and an export only as a reference. */
export type SecretSchema<Schema extends z.ZodType> = Schema & { readonly [secretBrand]: true };

/**
 * Marks a config key or an output of a stack as secret, as a whole: `secret(z.object({ … }))`, not a field within,
 * which `defineStack` refuses.
 *
 * @example
 * defineStack({ config: z.object({ token: secret(z.string()) }), … })
 */
export function secret<Schema extends z.ZodType>(schema: Schema): SecretSchema<Schema> {
  // meta() makes a clone, so that the same schema can be used elsewhere for something that is no secret.
  return schema.meta({ [MARK]: true }) as SecretSchema<Schema>;
}

/** Also true for `secret(…).optional()` and other wrappers: what is around a secret is one. */
export function isSecretSchema(schema: z.core.$ZodType): boolean {
  if (z.globalRegistry.get(schema)?.[MARK] === true) return true;
  const { def } = schema._zod;
  const inner = "innerType" in def ? def.innerType : "in" in def ? def.in : undefined;
  return inner instanceof z.core.$ZodType && isSecretSchema(inner);
}

/** Schemas inside a schema, with the part of a path that leads to each. */
function partsOf(schema: z.core.$ZodType): readonly (readonly [string, z.core.$ZodType])[] {
  const parts: [string, z.core.$ZodType][] = [];
  for (const [key, inner] of Object.entries(schema._zod.def)) {
    if (inner instanceof z.core.$ZodType)
      parts.push([key === "element" || key === "valueType" ? "[]" : "", inner]);
    else if (typeof inner !== "object" || inner === null) continue;
    else {
      for (const [name, part] of Object.entries(inner)) {
        if (part instanceof z.core.$ZodType) parts.push([key === "shape" ? name : "", part]);
      }
    }
  }
  return parts;
}

/** Where a secret stands inside a field that is not secret as a whole; undefined when nowhere. */
export function nestedSecret(schema: z.core.$ZodType, path: readonly string[] = []): string | undefined {
  if (isSecretSchema(schema)) return path.filter(Boolean).join(".");
  for (const [part, inner] of partsOf(schema)) {
    const found = nestedSecret(inner, [...path, part]);
    if (found !== undefined) return found;
  }
  return undefined;
}
