import { Vpc } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

const subnetIds = z.array(z.string());

/** The network of an environment: one VPC, of a size and shape that its config gives. */
export default defineStack({
  name: "network",
  config: z.object({
    cidrBlock: z.string(),
    zones: z.array(z.string()).min(1),
    nat: z.enum(["none", "single", "per-zone"]).default("none"),
    ipv6: z.boolean().default(false),
    interfaceEndpoints: z.array(z.string()).default([]),
    flowLogRetentionDays: z.union([z.literal(30), z.literal(90), z.literal(365)]).default(30),
  }),
  outputs: z.object({
    vpcId: z.string(),
    cidrBlock: z.string(),
    /** In the order of the zones, like the other lists. */
    publicSubnetIds: subnetIds,
    privateSubnetIds: subnetIds,
    isolatedSubnetIds: subnetIds,
    natPublicIps: z.array(z.string()),
  }),
  program: ({ config, tags }) => {
    const vpc = new Vpc("main", {
      cidrBlock: config.cidrBlock,
      zones: config.zones,
      nat: config.nat,
      ipv6: config.ipv6,
      interfaceEndpoints: config.interfaceEndpoints,
      flowLogs: { destination: "cloud-watch-logs", retentionDays: config.flowLogRetentionDays },
      tags,
    });
    return {
      vpcId: vpc.vpcId,
      cidrBlock: vpc.cidrBlock,
      publicSubnetIds: vpc.publicSubnetIds,
      privateSubnetIds: vpc.privateSubnetIds,
      isolatedSubnetIds: vpc.isolatedSubnetIds,
      natPublicIps: vpc.natPublicIps,
    };
  },
  checks: [
    {
      name: "every zone has a private subnet",
      check: ({ outputs }) => {
        const ids = subnetIds.parse(outputs["privateSubnetIds"]);
        if (ids.length === 0 || new Set(ids).size !== ids.length)
          throw new TypeError(`private subnets: ${ids.join(", ")}`);
      },
    },
  ],
});
