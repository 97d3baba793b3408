import { z } from "zod";

/** What others take from this stack. */
export const mattermostOutputs = z.object({
  url: z.string(),
  address: z.string(),
  port: z.number(),
  /** By bot: the file of the server that holds its token. */
  tokenFiles: z.record(z.string(), z.string()),
  /** What the server's own firewall must let in. */
  firewallRules: z.array(z.object({ purpose: z.string(), from: z.string(), port: z.number() })),
});
