// Entry of the child process in which packs review a change set: a pack that throws, hangs or ends the process
// takes nothing else with it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, ReviewPack, ReviewRequest } from "@groundplane/contracts";

interface ReviewTask {
  readonly packs: readonly { readonly name: string; readonly folder: string }[];
  /** @default - the packs only tell their rules */
  readonly request?: ReviewRequest;
}

export interface PackReview {
  readonly pack: string;
  /** Ids; none of a pack that is written for the engine alone. */
  readonly rules: readonly string[];
  /** Undefined for such a pack, and where nothing was to be reviewed. */
  readonly findings: readonly Finding[] | undefined;
}

function isReviewPack(value: unknown): value is ReviewPack {
  return (
    typeof value === "object" && value !== null && "review" in value && typeof value.review === "function"
  );
}

async function reviewPackIn(folder: string): Promise<ReviewPack | undefined> {
  const require = createRequire(join(folder, "package.json"));
  const manifest: { name: string; exports?: unknown } = require("./package.json");
  // A pack for the engine alone would run, and register itself, when imported: only one that says what it exports is.
  if (manifest.exports === undefined) return undefined;
  const module: { pack?: unknown } = await import(pathToFileURL(require.resolve(manifest.name)).href);
  return isReviewPack(module.pack) ? module.pack : undefined;
}

async function reviewOf(pack: ReviewPack, request: ReviewRequest): Promise<readonly Finding[]> {
  const findings: unknown = await pack.review(request);
  if (Array.isArray(findings)) return findings;
  // Left alone it would get lost on its way to the parent, and look like a pack for the engine alone.
  throw new TypeError(`pack ${pack.name} answered ${typeof findings}, not a list of findings`);
}

async function review(task: ReviewTask): Promise<readonly PackReview[]> {
  const reviews: PackReview[] = [];
  for (const { name, folder } of task.packs) {
    const pack = await reviewPackIn(folder);
    const { request } = task;
    reviews.push({
      pack: name,
      rules: pack?.rules?.map(({ id }) => id) ?? [],
      findings: pack === undefined || request === undefined ? undefined : await reviewOf(pack, request),
    });
  }
  return reviews;
}

process.once("message", (task: ReviewTask) => {
  review(task).then(
    (reviews) => process.send?.({ reviews }, () => process.exit(0)),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? error.message : String(error) }, () =>
        process.exit(0),
      ),
  );
});
