import { AsyncLocalStorage } from "node:async_hooks";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Actor } from "@groundplane/contracts";
import { type LoadedProject, Orchestrator } from "@groundplane/orchestrator";
import { z } from "zod";
import type { Actors } from "./actors.ts";
import { EventStreams } from "./event-streams.ts";
import { answer, answerError, parse, problem, readJson } from "./json-http.ts";

const deploymentSchema = z.strictObject({
  stack: z.string(),
  environment: z.string(),
  /** URNs that hold data and may go. */
  confirm: z.array(z.string()).default([]),
});
const decisionSchema = z.strictObject({ comment: z.string().max(2000).optional() });

export interface DeploymentServer {
  readonly server: Server;
  /** Lets no new work in, cancels what is under way, and waits for it. */
  close(): Promise<void>;
}

/**
 * An HTTP server around an `Orchestrator`:
 *
 * - `POST /deployments` `{ stack, environment }` begins a run: 202 and its record
 * - `GET /runs`, `GET /runs/:id`, `GET /runs/:id/change-set`
 * - `GET /runs/:id/events`: server-sent events until it is done
 * - `POST /runs/:id/approve`, `POST /runs/:id/reject` `{ comment? }`
 */
export async function createDeploymentServer(
  project: LoadedProject,
  actors: Actors,
): Promise<DeploymentServer> {
  const streams = new EventStreams();
  // Tells a request the id of the run that it began: the first event of a run names it.
  const whenCreated = new AsyncLocalStorage<(run: string) => void>();
  const orchestrator = await Orchestrator.open({
    project,
    onEvent: (event) => {
      if (event.name === "run.created") whenCreated.getStore()?.(event.run);
      streams.tell(event);
    },
  });
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const deployments = new Map<string, Promise<unknown>>();

  /** Goes on after the answer. A run's failure is in its record; only what is not is printed. */
  const inBackground = (work: Promise<unknown>): Promise<unknown> => {
    const watched = work
      .catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
      .finally(() => underWay.delete(watched));
    underWay.add(watched);
    return watched;
  };

  const deploy = async (requester: Actor, body: unknown) => {
    const request = { ...parse(deploymentSchema, body), requester, signal: closing.signal };
    let ended: Promise<unknown> = Promise.resolve();
    const run = await new Promise<string>((resolve, reject) => {
      const work = whenCreated.run(resolve, () => orchestrator.deploy(request));
      // Before there is a run, such as for an unknown stack, the error is the answer; later this does nothing.
      work.catch(reject);
      ended = inBackground(work);
    });
    deployments.set(
      run,
      ended.finally(() => deployments.delete(run)),
    );
    return orchestrator.run(run);
  };

  const approve = async (run: string, by: Actor, body: unknown) => {
    // Recorded first, so that a refusal is this request's answer; applied after it.
    const record = await orchestrator.approve({ run, by, ...commentIn(body), apply: false });
    if (record.state === "WAIT_FOR_APPROVE" && record.approvalsMissing === 0) {
      // Who was quick approves while the deployment still stores its review: it has the run until then.
      const before = deployments.get(run) ?? Promise.resolve();
      inBackground(before.then(() => orchestrator.approve({ run, by, signal: closing.signal })));
    }
    return record;
  };

  const reject = (run: string, by: Actor, body: unknown) =>
    orchestrator.reject({ run, by, ...commentIn(body) });

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const by = actors.of(request);
    if (by === undefined) return answer(response, 401, problem("UNAUTHENTICATED", "send a bearer token"));
    const [collection, id = "", part, ...rest] =
      (request.url ?? "/").split("?")[0]?.split("/").slice(1) ?? [];
    const asked = [request.method, collection, id === "" ? undefined : ":id", part, ...rest]
      .filter(Boolean)
      .join(" ");
    switch (asked) {
      case "POST deployments":
        return answer(response, 202, await deploy(by, await readJson(request)));
      case "GET runs":
        return answer(response, 200, orchestrator.runs());
      case "GET runs :id":
        return answer(response, 200, orchestrator.run(id));
      case "GET runs :id change-set":
        return answer(response, 200, orchestrator.changeSet(id));
      case "GET runs :id events":
        return streams.open(orchestrator.run(id), response);
      case "POST runs :id approve":
        return answer(response, 202, await approve(id, by, await readJson(request)));
      case "POST runs :id reject":
        return answer(response, 200, await reject(id, by, await readJson(request)));
      default:
        return answer(response, 404, problem("NOT_FOUND", `there is no ${request.method} ${request.url}`));
    }
  };

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => answerError(response, error));
  });
  return {
    server,
    close: async () => {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all(underWay);
      streams.close();
      await closed;
      await orchestrator.close();
    },
  };
}

function commentIn(body: unknown): { readonly comment?: string } {
  const { comment } = parse(decisionSchema, body);
  return comment === undefined ? {} : { comment };
}
