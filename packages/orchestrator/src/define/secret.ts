import type { z } from "zod";

const marked = new WeakSet<z.ZodType>();
declare const secretBrand: unique symbol;

/** A schema whose value is a secret: it reaches a program as an `Output`, and an export only as a reference. */
export type SecretSchema<Schema extends z.ZodType> = Schema & { readonly [secretBrand]: true };

/**
 * Marks a config key or an output of a stack as secret.
 *
 * @example
 * defineStack({ config: z.object({ token: secret(z.string()) }), … })
 */
export function secret<Schema extends z.ZodType>(schema: Schema): SecretSchema<Schema> {
  // A clone, so that the same schema can be used elsewhere for something that is no secret.
  const own = schema.clone();
  marked.add(own);
  return own as SecretSchema<Schema>;
}

export function isSecretSchema(schema: z.ZodType): boolean {
  return marked.has(schema);
}
