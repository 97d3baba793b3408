import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/engine_pb.js";

/** Logs a message through the engine. A lost message is no reason to fail: every id and error says the same. */
export function announce(engineAddress: string, message: string): void {
  if (engineAddress === "") return;
  const client = new rpc.EngineClient(engineAddress, grpc.credentials.createInsecure());
  const request = new pb.LogRequest();
  request.setSeverity(pb.LogSeverity.INFO);
  request.setMessage(message);
  client.log(request, () => client.close());
}
