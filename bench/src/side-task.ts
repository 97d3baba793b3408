import { z } from "zod";

/** What a side is asked to do. Both sides take the same task. */
export const sideTaskSchema = z.object({
  kind: z.enum(["deploy", "set-up", "drift"]),
  root: z.string(),
  environment: z.string(),
  stacks: z.array(z.object({ name: z.string(), resources: z.int().min(1) })).min(1),
  /** Stacks worked on at once. */
  concurrency: z.int().min(1),
  /** State, sandbox and plugins of the stock side. */
  stock: z.object({ folder: z.string(), database: z.string() }),
});

export type SideTask = z.infer<typeof sideTaskSchema>;

export const sideAnswerSchema = z.union([
  z.object({
    done: z.literal(true),
    /** Milliseconds of each step, added up over the stacks. */
    parts: z.record(z.string(), z.number()),
    /** Milliseconds of each stack, where that is known. */
    stacks: z.record(z.string(), z.number()),
  }),
  z.object({ error: z.string() }),
]);

export type SideAnswer = z.infer<typeof sideAnswerSchema>;
type Done = Extract<SideAnswer, { done: true }>;

/** Takes the task from the parent, does it, and answers. The answer is the end of what is timed. */
export function answerTask(work: (task: SideTask) => Promise<Omit<Done, "done">>): void {
  const answer = (said: SideAnswer): void => {
    process.send?.(said, () => process.disconnect());
  };
  process.once("message", (raw) => {
    Promise.resolve()
      .then(() => work(sideTaskSchema.parse(raw)))
      .then(
        (done) => answer({ done: true, ...done }),
        (error: unknown) =>
          answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      )
      .finally(() => {
        // Handles that the SDK leaves open are no part of the job.
        setTimeout(() => process.exit(0), 50);
      });
  });
}

/** Works through items, so many at once. */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
