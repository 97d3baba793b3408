import { z } from "zod";
import type { InventoryExport } from "./fleet-inventory.ts";

/** A file for Prometheus' `file_sd_configs`. */
export const prometheusTargetsSchema = z.array(
  z.strictObject({ targets: z.array(z.string()).min(1), labels: z.record(z.string(), z.string()) }),
);

export type PrometheusTargets = z.infer<typeof prometheusTargetsSchema>;

/**
 * Every machine, host and service as a target of its own, with labels to tell them apart.
 *
 * @param port of the node exporter on machines and hosts
 */
export function prometheusTargets(
  { name: fleet, hosts, machines, services }: InventoryExport,
  port = 9100,
): PrometheusTargets {
  return [
    ...machines.map(({ name, address, host, role, team }) => ({
      targets: [`${address}:${port}`],
      labels: { fleet, kind: "machine", name, host, role, ...(team === undefined ? {} : { team }) },
    })),
    ...hosts.map(({ name, address }) => ({
      targets: [`${address}:${port}`],
      labels: { fleet, kind: "hypervisor", name },
    })),
    ...services.map(({ name, address, host, port: own }) => ({
      targets: [`${address}:${own}`],
      labels: { fleet, kind: "service", name, host },
    })),
  ];
}
