import { z } from "zod";

/** Something that has to be mended before a stack can be deployed, as its preflight found it. */
export const preflightProblemSchema = z
  .object({
    /** What it is about: a machine, a key, an account. */
    subject: z.string().min(1),
    /** What is wrong, in plain words. */
    problem: z.string().min(1),
    /** What to do about it. */
    remedy: z.string().min(1),
  })
  .meta({ id: "PreflightProblem" });

export type PreflightProblem = Readonly<z.infer<typeof preflightProblemSchema>>;
