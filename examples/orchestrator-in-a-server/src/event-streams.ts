import type { ServerResponse } from "node:http";
import type { GroundplaneEvent, RunRecord } from "@groundplane/contracts";

/** Keeps proxies from closing a stream while a person thinks about an approval. */
const HEARTBEAT_MS = 15_000;

/** Streams of events to those who watch a run, as server-sent events. */
export class EventStreams {
  readonly #watchers = new Map<string, Set<ServerResponse>>();

  /** Begins with where the run stands, as events of before are not repeated; ends when it is done. */
  open(run: RunRecord, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    write(response, "run", run);
    if (run.state === "DONE") {
      response.end();
      return;
    }
    const watchers = this.#watchers.get(run.id) ?? new Set();
    this.#watchers.set(run.id, watchers.add(response));
    const heartbeat = setInterval(() => response.write(":\n\n"), HEARTBEAT_MS);
    response.on("close", () => {
      clearInterval(heartbeat);
      watchers.delete(response);
      if (watchers.size === 0) this.#watchers.delete(run.id);
    });
  }

  tell(event: GroundplaneEvent): void {
    for (const response of this.#watchers.get(event.run) ?? []) {
      write(response, event.name, event);
      if (event.name === "run.moved" && event.data.to === "DONE") response.end();
    }
  }

  close(): void {
    for (const watchers of this.#watchers.values()) for (const response of watchers) response.end();
  }
}

function write(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
