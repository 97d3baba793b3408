import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";

/** As the engine's own limit: a message may hold a whole bucket object. */
const LONGEST_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves a plugin that the engine has started, and prints the port, as every plugin does. `name` begins the message of one
 * that finds no port, and ends the process.
 */
export async function serveProvider(
  name: string,
  service: () => grpc.UntypedServiceImplementation,
): Promise<void> {
  // An engine that was killed cannot stop its plugins: without it there is nobody to answer to.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 1000).unref();

  const server = new grpc.Server({
    "grpc.max_receive_message_length": LONGEST_MESSAGE_BYTES,
    "grpc.max_send_message_length": LONGEST_MESSAGE_BYTES,
  });
  server.addService(rpc.ResourceProviderService, service());
  await new Promise<void>((resolve) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) {
        process.stderr.write(`${name}: no port to serve on: ${error.message}\n`);
        process.exit(1);
      }
      process.stdout.write(`${port}\n`);
      resolve();
    });
  });
}
