import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Finding, findingSchema, GroundplaneError, type ReviewRequest } from "@groundplane/contracts";
import { z } from "zod";
import { engineLimits } from "../engine/engine-limits.ts";
import type { PolicyPackFolder } from "./policy-pack.ts";

const CHILD = fileURLToPath(
  new URL(import.meta.url.replace(/review-change-set\.(ts|js)$/, "review-child.$1")),
);

const answerSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    reviews: z.array(
      z.object({
        pack: z.string(),
        rules: z.array(z.string()),
        findings: z.array(findingSchema).optional(),
      }),
    ),
  }),
]);

function failed(packs: readonly PolicyPackFolder[], why: string): GroundplaneError {
  const names = packs.map(({ name }) => name).join(", ");
  return new GroundplaneError(
    "POLICY_PACK_FAILED",
    `the policy packs (${names}) could not check the change: ${why}. What cannot be checked is not deployed; mend or remove the pack.`,
    { facts: { packs: packs.map(({ name }) => name), why } },
  );
}

type Answer = Extract<z.output<typeof answerSchema>, { reviews: unknown }>["reviews"][number];

/** What each pack says, in their order. */
async function ask(
  packs: readonly PolicyPackFolder[],
  request: ReviewRequest | undefined,
  env: Readonly<Record<string, string>>,
  timeLimitMs: number,
): Promise<readonly Answer[]> {
  const answer = answerSchema.safeParse(await askChild(packs, request, env, timeLimitMs));
  if (!answer.success) throw failed(packs, `the answer is not in order: ${answer.error.issues[0]?.message}`);
  if ("error" in answer.data) throw failed(packs, answer.data.error);
  const { reviews } = answer.data;
  return packs.map((pack, index) => {
    // By place, as two packs may have one name.
    const review = reviews[index];
    if (review?.pack !== pack.name) throw failed(packs, `no answer of ${pack.name}`);
    return review;
  });
}

async function askChild(
  packs: readonly PolicyPackFolder[],
  request: ReviewRequest | undefined,
  env: Readonly<Record<string, string>>,
  timeLimitMs: number,
): Promise<unknown> {
  const child = fork(CHILD, [], { env, stdio: ["ignore", "ignore", "ignore", "ipc"], execArgv: [] });
  try {
    return await new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(failed(packs, `no answer within ${timeLimitMs / 1000} s`)),
        timeLimitMs,
      );
      child.once("message", (answer) => {
        clearTimeout(limit);
        resolve(answer);
      });
      child.once("error", (cause) => reject(failed(packs, cause.message)));
      // Not "exit", which may come before the answer that was sent before it.
      child.once("close", (code) => {
        clearTimeout(limit);
        reject(failed(packs, `their process ended with ${code}`));
      });
      child.send({ packs: packs.map(({ name, folder }) => ({ name, folder })), request });
    });
  } finally {
    child.kill("SIGKILL");
  }
}

/** Says that a pack's rules did not see the change set, as far as that matters. */
function engineOnly(pack: PolicyPackFolder, destroys: boolean): Finding {
  return {
    rule: "engine-only-pack",
    title: "The pack checks registrations only",
    severity: "low",
    enforcement: destroys ? "mandatory" : "advisory",
    status: "not-evaluated",
    message: `pack ${pack.name} exports no \`pack\`, so its rules were not run on deletes${destroys ? ", and this change deletes" : ""}`,
    remedy: "Write it with definePack of @groundplane/policy, or review the deletes yourself.",
    pack: { name: pack.name, version: pack.version },
    foundBy: "pipeline",
  };
}

/**
 * Runs the packs' rules on a planned change set, in a process of their own with these variables.
 *
 * @param timeLimitMs A review is pure computation over one change set: longer than this, a pack hangs.
 * @throws {POLICY_PACK_FAILED} when a pack throws, hangs, ends its process, or answers with something else than findings.
 */
export async function reviewChangeSet(
  packs: readonly PolicyPackFolder[],
  request: ReviewRequest,
  env: Readonly<Record<string, string>>,
  timeLimitMs: number = engineLimits().policyMs,
): Promise<readonly Finding[]> {
  if (packs.length === 0) return [];
  const reviews = await ask(packs, request, env, timeLimitMs);
  const destroys = request.changeSet.changes.some(
    ({ operation }) => operation === "delete" || operation === "replace",
  );
  return packs.flatMap((pack, index) => reviews[index]?.findings ?? [engineOnly(pack, destroys)]);
}

/**
 * The ids of each pack's rules, in the order of the packs; none of a pack that is written for the engine alone.
 *
 * @throws {POLICY_PACK_FAILED} when a pack cannot be loaded.
 */
export async function rulesOfPacks(
  packs: readonly PolicyPackFolder[],
  env: Readonly<Record<string, string>>,
  timeLimitMs: number = engineLimits().policyMs,
): Promise<readonly ReadonlySet<string>[]> {
  if (packs.length === 0) return [];
  return (await ask(packs, undefined, env, timeLimitMs)).map(({ rules }) => new Set(rules));
}
