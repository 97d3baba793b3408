import type { StackCheck } from "@groundplane/orchestrator";
import { mattermostOutputs } from "./mattermost-outputs.ts";

const LIMIT_MS = 10_000;

/** What a person would look at first. A sandbox has no network: there it is not asked. */
export const smokeChecks: readonly StackCheck<typeof mattermostOutputs>[] = [
  {
    name: "Mattermost answers its ping",
    check: async ({ outputs, sandbox }) => {
      const { url } = mattermostOutputs.parse(outputs);
      if (sandbox) return;
      const answer = await fetch(new URL("/api/v4/system/ping", url), {
        signal: AbortSignal.timeout(LIMIT_MS),
      }).catch((cause: unknown) => {
        throw new TypeError(
          `${url} does not answer a ping from here: is this computer in allowedNetworks, and Mattermost up?`,
          { cause },
        );
      });
      if (answer.status !== 200) throw new TypeError(`${url} answers ${answer.status} to a ping`);
    },
  },
];
