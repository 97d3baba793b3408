import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { SetupProvider } from "./provider/setup-provider.ts";
import { providerService } from "./wire/provider-service.ts";

// Started by the engine; prints the port it serves on, as every plugin does.

// An engine that was killed cannot stop its plugins: what runs on machines ends when the connections to them do.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(0);
}, 1000).unref();

const server = new grpc.Server({
  // As the engine's own limit.
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
});
server.addService(rpc.ResourceProviderService, providerService(new SetupProvider()));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    process.stderr.write(`groundplane-machine: no port to serve on: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
});
