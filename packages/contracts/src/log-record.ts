import type { GroundplaneEvent } from "./events.ts";
import { logMessage } from "./log-message.ts";
import { type Stage, stageOf } from "./stage.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** An event as a line of a structured log. All of the event is in it. */
export interface LogRecord {
  /** UTC, ISO 8601. */
  readonly time: string;
  readonly level: LogLevel;
  /** For people. Programs read `event` and `data`. */
  readonly message: string;
  readonly run: string;
  readonly stack: string;
  readonly environment: string;
  readonly operation: GroundplaneEvent["operation"];
  readonly stage: Stage;
  readonly event: GroundplaneEvent["name"];
  readonly data: GroundplaneEvent["data"];
}

function levelOfMove({ to, outcome, reason }: GroundplaneEvent<"run.moved">["data"]): LogLevel {
  if (outcome === "failed") return "error";
  const ended = outcome === "rejected" || outcome === "expired" || outcome === "cancelled";
  if (to === "BLOCKED" || to === "ROLLBACK" || outcome === "rolled-back") return "warn";
  return ended && reason?.code !== "PREVIEW_ONLY" ? "warn" : "info";
}

function levelOf(event: GroundplaneEvent): LogLevel {
  switch (event.name) {
    case "run.moved":
      return levelOfMove(event.data);
    case "stack.policy.finished":
      return event.data.blocking > 0 ? "warn" : "info";
    case "stack.review.void":
      return "warn";
    case "stack.verify.check":
    case "stack.verify.finished":
      return event.data.ok ? "info" : "error";
    case "resource.failed":
    case "stack.rollback.late":
      return "error";
    case "resource.started":
    case "resource.finished":
      return event.data.planning || event.data.operation === "same" ? "debug" : "info";
    case "engine.message":
      return event.data.severity === "warning" ? "warn" : event.data.severity;
    default:
      return "info";
  }
}

/**
 * One event as a log record.
 *
 * @param before Stage of the run's event before it, for events that say nothing of theirs. @default "request"
 */
export function logRecord(event: GroundplaneEvent, before?: Stage): LogRecord {
  const { name, at, run, stack, environment, operation, data } = event;
  return {
    time: at,
    level: levelOf(event),
    message: logMessage(event),
    run,
    stack,
    environment,
    operation,
    stage: stageOf(event, before),
    event: name,
    data,
  };
}

/**
 * Turns the events of any number of runs into log records, each with the stage that its run is in.
 *
 * @example
 * const record = logRecords();
 * await Orchestrator.open({ project, onEvent: (event) => log.write(`${JSON.stringify(record(event))}\n`) });
 */
export function logRecords(): (event: GroundplaneEvent) => LogRecord {
  const stages = new Map<string, Stage>();
  return (event) => {
    const record = logRecord(event, stages.get(event.run));
    if (event.name === "run.moved" && event.data.to === "DONE") stages.delete(event.run);
    else stages.set(event.run, record.stage);
    return record;
  };
}
