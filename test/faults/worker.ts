// A process of its own that takes a stack through the pipeline and kills itself where it is told to: no handler, no
// clean-up, no word. Its order is the first argument, as JSON; it prints each fact that it journals.
import "@groundplane/orchestrator/lean-sdk";
import { join } from "node:path";
import type { JournalEntry, JournalFact, RunId } from "@groundplane/contracts";
import { loadProject, Orchestrator, SqliteJournal } from "@groundplane/orchestrator";
import { z } from "zod";

const orderSchema = z.object({
  root: z.string(),
  environment: z.string(),
  operation: z.enum(["deploy", "destroy"]),
  approve: z.boolean().default(true),
  /** The fact by its place, from 0, among those of this process. */
  killAt: z.object({ fact: z.int(), moment: z.enum(["before", "after"]) }).optional(),
  /** Or as soon as a resource of this type is begun in up, after so many of them. */
  killAtResource: z.object({ type: z.string(), after: z.int().default(0) }).optional(),
  limits: z.record(z.string(), z.number()).default({}),
});

export type WorkerOrder = z.input<typeof orderSchema>;

/** What a fact is called in the matrix: its kind, and where it leads. */
function labelOf(fact: JournalFact): string {
  if (fact.type === "run.moved") return `${fact.type} ${fact.to}`;
  return fact.type === "artifact.stored" ? `${fact.type} ${fact.name}` : fact.type;
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

class KillingJournal extends SqliteJournal {
  readonly #killAt: z.output<typeof orderSchema>["killAt"];
  #facts = 0;

  constructor(file: string, killAt: z.output<typeof orderSchema>["killAt"]) {
    super(file);
    this.#killAt = killAt;
  }

  override append(run: RunId, fact: JournalFact, expected: number): JournalEntry {
    const here = this.#facts === this.#killAt?.fact;
    if (here && this.#killAt?.moment === "before") die();
    const entry = super.append(run, fact, expected);
    process.stdout.write(`${labelOf(fact)}\n`);
    if (here) die();
    this.#facts += 1;
    return entry;
  }
}

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ""));
const project = await loadProject(order.root);
let begun = 0;
const orchestrator = await Orchestrator.open({
  project,
  journal: new KillingJournal(join(project.dataFolder, "journal.db"), order.killAt),
  limits: order.limits,
  onEvent: ({ name, data }) => {
    if (name !== "resource.started" || data.planning || data.type !== order.killAtResource?.type) return;
    if (begun === order.killAtResource.after) die();
    begun += 1;
  },
});
const { environment } = order;
const run = await orchestrator[order.operation]({ stack: "base", environment, requester: "ann" });
if (order.approve && run.state === "WAIT_FOR_APPROVE") await orchestrator.approve({ run: run.id, by: "ann" });
orchestrator.close();
