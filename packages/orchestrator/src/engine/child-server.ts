import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EventsService } from "@pulumi/pulumi/proto/events_grpc_pb.js";
import type { EventRequest } from "@pulumi/pulumi/proto/events_pb.js";

/** The largest message the engine and the SDK exchange (the SDK's `maxRPCMessageSize`). */
const MAX_MESSAGE_BYTES = 1024 * 1024 * 400;

export interface LoopbackServer {
  readonly server: Server;
  readonly port: number;
}

/** Serves one gRPC service on a loopback port of its own. */
export async function serve(
  service: ServiceDefinition<UntypedServiceImplementation>,
  implementation: UntypedServiceImplementation,
): Promise<LoopbackServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { server, port };
}

/** Takes the engine's events over gRPC: an event file on disk would hold what debug events hold, in the clear. */
export function serveEvents(onEvent: (json: string) => void): Promise<LoopbackServer> {
  const streamEvents: MethodDefinition<EventRequest, null> = {
    ...EventsService.streamEvents,
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: () => null,
  };
  return serve(
    { streamEvents },
    {
      streamEvents: (
        call: ServerReadableStream<EventRequest, null>,
        callback: (error: Error | null, response: null) => void,
      ) => {
        call.on("data", (request: EventRequest) => onEvent(request.getEvent()));
        call.on("end", () => callback(null, null));
      },
    },
  );
}
