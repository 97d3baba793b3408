import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSecretMark, type JsonValue, jsonValueSchema, timestampSchema } from "@groundplane/contracts";
import { z } from "zod";
import type { EngineMessage, EngineState } from "../engine/engine-request.ts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";

const FILE = "engine-log.jsonl";

const lineSchema = z.object({
  at: timestampSchema,
  kind: z.enum(["started", "finished", "failed", "error"]),
  operation: z.string().optional(),
  urn: z.string().optional(),
  type: z.string().optional(),
  /** Of what exists afterwards: enough to find it again. */
  custom: z.boolean().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  /** Of a provider without secrets alone. */
  inputs: z.record(z.string(), jsonValueSchema).optional(),
  /** The provider's id, as far as it was told. */
  id: z.string().optional(),
  message: z.string().optional(),
});

/** One thing that the engine told while it changed something. Values of properties are not in it, but of a provider's. */
export type EngineLogLine = z.infer<typeof lineSchema>;

type Told = Omit<EngineLogLine, "at">;

const hasSecret = (value: JsonValue): boolean =>
  isSecretMark(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(hasSecret));

function traitsOf({ type, custom, parent, provider, inputs }: EngineState): Partial<Told> {
  return {
    ...{ type, custom },
    ...(parent === "" ? {} : { parent }),
    ...(provider === "" ? {} : { provider }),
    ...(type.startsWith("pulumi:providers:") && !hasSecret(inputs) ? { inputs } : {}),
  };
}

function toldOf(message: EngineMessage): Told | undefined {
  switch (message.kind) {
    case "step.started":
    case "step.finished":
    case "step.failed": {
      const { operation, urn, old, new: next } = message.step;
      const id = next?.id || old?.id;
      const kind = message.kind.slice("step.".length);
      // Components and the stack itself are there from the beginning; what they end with is told when all is through.
      const stands = kind === "finished" || next?.custom === false;
      const made = stands && next !== undefined ? traitsOf(next) : {};
      return { kind: lineSchema.shape.kind.parse(kind), operation, urn, ...(id ? { id } : {}), ...made };
    }
    case "diagnostic": {
      const { severity, message: text, urn } = message;
      return severity === "error"
        ? { kind: "error", message: text, ...(urn === undefined ? {} : { urn }) }
        : undefined;
    }
    default:
      return undefined;
  }
}

export interface EngineLog {
  readonly write: (message: EngineMessage) => void;
  /** Journals what was written. */
  readonly close: () => void;
}

/**
 * Writes down what the engine tells while it changes something, line by line: after a kill it is known how far the
 * parent had heard. A disk that takes no more does not stop the engine half-way.
 */
export function openEngineLog(run: JournaledRun, clock: () => Date = () => new Date()): EngineLog {
  const file = join(run.folder, FILE);
  let works = true;
  const attempt = (work: () => void): void => {
    if (!works) return;
    try {
      work();
    } catch (error) {
      works = false;
      const why = error instanceof Error ? error.message : String(error);
      run.emit("engine.message", {
        severity: "warning",
        message: `what the engine tells is not written down any more: ${why}`,
      });
    }
  };
  attempt(() => mkdirSync(run.folder, { recursive: true, mode: 0o700 }));
  return {
    write: (message) => {
      const told = toldOf(message);
      if (told === undefined) return;
      const line: EngineLogLine = { at: clock().toISOString(), ...told };
      attempt(() => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
    },
    close: () => {
      // A run of which nothing was told leaves no log.
      if (works && readText(file) !== undefined) run.journalFile("engine-log", FILE);
    },
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parsedLine(text: string): EngineLogLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What the engine told in a run. A last line that a kill tore is left out. */
export function readEngineLog(run: Pick<JournaledRun, "folder">): readonly EngineLogLine[] {
  const lines = (readText(join(run.folder, FILE)) ?? "").split("\n");
  return lines.flatMap((line) => parsedLine(line) ?? []);
}
