import { resolve4 } from "node:dns/promises";
import type { StackCheck } from "@groundplane/orchestrator";
import { appOutputs } from "./app-outputs.ts";

const LIMIT_MS = 10_000;

/**
 * The operating manual's smoke checks after a deployment that this stack can answer. That a preview shows no changes
 * is checked by the pipeline. A sandbox has no network: there only what does not need one is checked.
 */
export const smokeChecks: readonly StackCheck<typeof appOutputs>[] = [
  {
    name: "its name resolves",
    check: async ({ outputs, sandbox }) => {
      const { hostname } = new URL(appOutputs.parse(outputs).url);
      if (!sandbox) await resolve4(hostname);
    },
  },
  {
    name: "/health answers 200",
    check: async ({ outputs, sandbox }) => {
      if (sandbox) return;
      const { url } = appOutputs.parse(outputs);
      const { status } = await fetch(`${url}/health`, { signal: AbortSignal.timeout(LIMIT_MS) });
      if (status !== 200) throw new TypeError(`${url}/health answers ${status}`);
    },
  },
];
