import grpc from "@grpc/grpc-js";

/** What the engine is told when something failed. */
export interface Failure {
  readonly message: string;
  readonly metadata?: grpc.Metadata;
}

/**
 * Makes handlers of the provider protocol: what the work gives, now or later, becomes the reply, and what it throws the
 * engine's error, in the words of `failureOf`.
 */
export function answers(failureOf: (error: unknown) => Failure) {
  return <Request, Response>(work: (request: Request) => Response | Promise<Response>) =>
    (call: { readonly request: Request }, reply: grpc.sendUnaryData<Response>): void => {
      new Promise<Response>((resolve) => resolve(work(call.request))).then(
        (response) => reply(null, response),
        (error: unknown) => {
          const { message: details, metadata = new grpc.Metadata() } = failureOf(error);
          reply(Object.assign(new Error(details), { code: grpc.status.UNKNOWN, details, metadata }), null);
        },
      );
    };
}
