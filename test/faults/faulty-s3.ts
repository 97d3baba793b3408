import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";

/** What happens to one request instead of being answered. */
export type RequestFault = "error" | "slow-down" | "cut" | "hang";

export interface FaultyServer {
  readonly endpoint: string;
  /** Asked for each request; undefined lets it through. */
  strike: (request: { readonly method: string; readonly path: string }) => RequestFault | undefined;
  stop(): Promise<void>;
}

function answer(response: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>told to fail</Message></Error>`;
  response.writeHead(status, { "content-type": "application/xml", "content-length": body.length }).end(body);
}

/** Stands before a real S3 server, whose signatures stay valid as the host that was signed is passed on. */
export async function startFaultyServer(target: string): Promise<FaultyServer> {
  const { hostname, port } = new URL(target);
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url: path, headers } = incoming;
    const outgoing = forward({ hostname, port, method, path, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server: Server = createServer((incoming, response) => {
    const fault = faulty.strike({ method: incoming.method ?? "", path: incoming.url ?? "" });
    if (fault === undefined) return pass(incoming, response);
    if (fault === "hang") return;
    if (fault === "cut") return void incoming.socket.destroy();
    incoming.resume();
    incoming.on("end", () =>
      fault === "error" ? answer(response, 500, "InternalError") : answer(response, 503, "SlowDown"),
    );
  });
  const endpoint = await new Promise<string>((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
    }),
  );
  const faulty: FaultyServer = {
    endpoint,
    strike: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return faulty;
}
