import { connectivityProblem, proveFleet } from "@groundplane/libvirt";
import type { StackCheck } from "@groundplane/orchestrator";
import type { z } from "zod";
import type { fleetConfig } from "./fleet-config.ts";
import { deployKey } from "./fleet-secrets.ts";

/** A machine that was made or restarted comes up within it. */
const SETTLE_SECONDS = 180;

/**
 * The matrix, tried from every machine and host, and from the machine that deploys where it is in it. A sandbox has none.
 *
 * @param user Whom machines are set up as.
 */
export function connectivityCheck(user: string): StackCheck<z.ZodObject, typeof fleetConfig> {
  return {
    name: "machines connect as the matrix says, and no more",
    timeoutSeconds: SETTLE_SECONDS + 120,
    check: async ({ outputs, config, sandbox, signal }) => {
      if (sandbox) return "not tried, as a sandbox has no machines";
      const { access, secrets = "made-up" } = config;
      const report = await proveFleet(outputs, {
        login: {
          ...{ user, privateKey: await deployKey({ secrets }) },
          ...(access === undefined ? {} : { hosts: access }),
        },
        settleSeconds: SETTLE_SECONDS,
        signal,
      });
      const problem = connectivityProblem(report);
      if (problem !== undefined) throw new TypeError(problem);
      const rows = report.untriedRows.map(({ row, why }) => `${row.from} to ${row.to} ${row.port}: ${why}`);
      return [report.summary, ...rows].join("; not tried, ");
    },
  };
}
