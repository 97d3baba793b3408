import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Actor, actorSchema } from "@groundplane/contracts";
import { z } from "zod";

const tokensSchema = z.record(z.string().min(16, "a token has at least 16 characters"), actorSchema);

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Who may call, by the hash of the bearer token: a look-up by hash tells nothing by its timing. */
export class Actors {
  readonly #byHash: ReadonlyMap<string, Actor>;

  /** @param json `{ "<token>": "<actor>" }` */
  constructor(json: string) {
    const tokens = tokensSchema.parse(JSON.parse(json));
    this.#byHash = new Map(Object.entries(tokens).map(([token, actor]) => [hashOf(token), actor]));
  }

  /** The caller; undefined when the request proves no one. The body never says who it is. */
  of(request: IncomingMessage): Actor | undefined {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    return token === undefined ? undefined : this.#byHash.get(hashOf(token));
  }
}
