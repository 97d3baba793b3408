import { isPinnedByDigest, type PinnedImage } from "@groundplane/docker";
import { z } from "zod";

const image = z.custom<PinnedImage>(
  (value) => typeof value === "string" && isPinnedByDigest(value),
  "name the image by its digest: name:tag@sha256:…",
);

export const mattermostConfig = z.object({
  /** IPv4 address of the server that it runs on, and its port. */
  address: z.ipv4(),
  port: z.int().default(8065),
  /** Who logs in there to set it up. */
  user: z.string(),
  /** The server's public key, as in `known_hosts`. */
  hostKey: z.string(),
  images: z.object({ mattermost: image, postgres: image }),
  admin: z.object({ username: z.string(), email: z.string() }),
  team: z.object({ name: z.string(), displayName: z.string() }),
  /** One for each agent. */
  bots: z.array(
    z.object({
      username: z.string(),
      displayName: z.string().optional(),
      description: z.string().optional(),
    }),
  ),
  /** Who may open Mattermost, and log in to the server. */
  allowedNetworks: z.array(z.string()),
  /** The server's own firewall; `none` where something else looks after it. */
  firewall: z.enum(["ufw", "none"]).default("ufw"),
});

/** A digest of one letter: what an example has where nobody could ask a registry. */
export function isMadeUp(reference: string): boolean {
  return /@sha256:([0-9a-f])\1{63}$/.test(reference);
}
