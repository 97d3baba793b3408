import { z } from "zod";
import { jsonValueSchema } from "./json.ts";

/** Values hold `{"$groundplane":"secret"}` or `{"$groundplane":"unknown"}` where a secret or an unknown stood. */
export const propertyChangeSchema = z.object({
  /** Path in the engine's form: `tags.Owner`, `ingress[0].fromPort`. */
  path: z.string().min(1),
  kind: z.enum(["add", "update", "delete"]),
  before: jsonValueSchema.optional(),
  after: jsonValueSchema.optional(),
  /** This property is why the resource is replaced. */
  replaces: z.boolean(),
});

export type PropertyChange = Readonly<z.infer<typeof propertyChangeSchema>>;
