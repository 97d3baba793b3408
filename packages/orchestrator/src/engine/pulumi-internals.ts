// What the SDK has and its declarations leave out. `test/engine` fails when a pinned version drops one of these.
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
// The compiler finds a module to augment only where the program imports it.
import type {} from "@pulumi/pulumi/automation/server.js";

declare module "@pulumi/pulumi/automation/server.js" {
  /** Serves an inline program to the engine; what Automation API's own `up` and `preview` use. */
  export const LanguageServer: new (
    program: PulumiFn,
  ) => UntypedServiceImplementation & {
    onPulumiExit(hasError: boolean): void;
    run(call: unknown, callback: (error: unknown, response?: unknown) => void): Promise<void>;
  };
}

declare module "@pulumi/pulumi/runtime/config.js" {
  export function isConfigSecret(key: string): boolean;
}
