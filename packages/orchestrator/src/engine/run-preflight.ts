import { type PreflightProblem, preflightProblemSchema } from "@groundplane/contracts";
import { z } from "zod";

const problemsSchema = z.array(preflightProblemSchema);

const failed = (problem: string): readonly PreflightProblem[] => [
  {
    subject: "preflight",
    problem,
    remedy: "what it should have looked at is not known: mend the preflight, or what it needs, and try again",
  },
];

/**
 * Runs a stack's preflight. What it throws, and that it does not end in time, are problems like the ones it returns.
 *
 * @param limitMs When its `signal` is aborted and it is no longer waited for.
 */
export async function runPreflight(
  preflight: (signal: AbortSignal) => unknown,
  limitMs: number,
): Promise<readonly PreflightProblem[]> {
  const limit = AbortSignal.timeout(limitMs);
  const late = new Promise<readonly PreflightProblem[]>((resolve) => {
    limit.addEventListener("abort", () => resolve(failed(`it did not end within ${limitMs / 1000} s`)));
  });
  const work = async (): Promise<readonly PreflightProblem[]> => {
    const parsed = problemsSchema.safeParse(await preflight(limit));
    if (parsed.success) return parsed.data;
    return failed(`it returned no list of { subject, problem, remedy }: ${parsed.error.issues[0]?.message}`);
  };
  return Promise.race([
    late,
    work().catch((error: unknown) => failed(`it failed: ${error instanceof Error ? error.message : error}`)),
  ]);
}
