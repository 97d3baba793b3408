import { type GroundplaneEvent, logRecords } from "@groundplane/contracts";
import { clock } from "../render/duration.ts";
import type { OutputStream, Style, Terminal } from "../terminal.ts";
import { eventWords } from "./event-line.ts";

/** Shows a run while it goes on. */
export interface Reporter {
  event(event: GroundplaneEvent): void;
  /** A line that stays, such as "cancelling". */
  note(line: string): void;
  /** Makes room for a question. */
  pause(): void;
  resume(): void;
  /** Shows the last state, and stops. */
  end(): void;
}

const nothing = (): void => undefined;

export const SILENT: Reporter = {
  event: nothing,
  note: nothing,
  pause: nothing,
  resume: nothing,
  end: nothing,
};

/** One timestamped line an event: for logs and pipes. With several stacks at once, each line names its own. */
export function plainReporter(stream: OutputStream, style: Style, severalStacks = false): Reporter {
  return {
    ...SILENT,
    event: (event) => {
      const words = eventWords(event, style);
      const stack = severalStacks ? `${event.stack}  ` : "";
      if (words !== undefined) stream.write(`${style.dim(clock(event.at))}  ${stack}${words}\n`);
    },
    note: (line) => stream.write(`${line}\n`),
  };
}

/** Each event as a log record, one line of JSON. */
export function logReporter(terminal: Terminal): Reporter {
  const record = logRecords();
  const write = (line: object): void => terminal.stderr.write(`${JSON.stringify(line)}\n`);
  return {
    ...SILENT,
    event: (event) => write(record(event)),
    note: (message) => write({ time: terminal.now().toISOString(), level: "warn", message }),
  };
}
