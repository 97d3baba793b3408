import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkContainer } from "../ecs/check-container.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { checkPeers } from "../network/peer-access.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import { checkDeployment, type DeploymentArgs, shiftsTraffic } from "./deployment.ts";
import {
  FARGATE_SERVICE_PRESETS,
  type FargateServiceAlarm,
  type FargateServiceArgs,
  type FargateServiceSize,
} from "./fargate-service-args.ts";
import { checkLoadBalancer, type LoadBalancerArgs } from "./load-balancer-args.ts";

export interface ServicePlan {
  readonly tags: Tags;
  readonly size: FargateServiceSize;
  readonly deployment: DeploymentArgs;
  readonly loadBalancer: LoadBalancerArgs | undefined;
  /** Whether Container Insights is known to measure the service. */
  readonly insights: boolean;
}

/**
 * Checks all arguments of a service, and fills in the preset.
 *
 * @throws {INVALID_NAME} the name is not one of a component.
 * @throws {INVALID_TAGS} a tag is missing or not valid.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function checkService(name: string, args: FargateServiceArgs): ServicePlan {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(FARGATE_SERVICE_PRESETS, args.preset);
  const loadBalancer = args.loadBalancer === "none" ? undefined : args.loadBalancer;
  const size: FargateServiceSize = {
    ...checkContainer(args, row),
    minTasks: args.minTasks ?? row.minTasks,
    maxTasks: args.maxTasks ?? Math.max(row.maxTasks, args.minTasks ?? 1),
    containerInsights: args.containerInsights ?? row.containerInsights,
    deletionProtection: loadBalancer?.deletionProtection ?? row.deletionProtection,
    protect: args.protect ?? row.protect,
  };
  const deployment = args.deployment ?? { type: "rolling" };
  checkNetwork(args, loadBalancer);
  checkTasks(args, size);
  checkDeployment(deployment, loadBalancer !== undefined);
  checkScaling(args, deployment);
  const insights = args.cluster === undefined && size.containerInsights !== "disabled";
  checkAlarms<FargateServiceAlarm>(
    [
      ...(loadBalancer === undefined ? [] : (["errors", "unavailable", "latency"] as const)),
      ...(["cpu", "memory"] as const),
      ...(insights ? (["tasks"] as const) : []),
    ],
    args.alarms,
  );
  return { tags, size, deployment, loadBalancer, insights };
}

function checkNetwork(
  { port, allowFrom = {}, healthCommand }: FargateServiceArgs,
  loadBalancer: LoadBalancerArgs | undefined,
): void {
  checkWhole("port", port, 1, 65_535);
  if (loadBalancer !== undefined) checkLoadBalancer(loadBalancer);
  const peers = Object.keys(allowFrom);
  if (port === undefined && (loadBalancer !== undefined || peers.length > 0))
    throw invalidArgument(
      "port is left out, and there is something that connects to it; say where the program listens",
    );
  checkPeers(allowFrom);
  if (peers.includes("lb"))
    throw invalidArgument('allowFrom has "lb", which names the load balancer; give the peer another name');
  if (healthCommand !== undefined && !/^CMD(?:-SHELL)?$/.test(healthCommand[0] ?? ""))
    throw invalidArgument(
      `healthCommand begins with "${healthCommand[0] ?? ""}"; begin with CMD (a program) or CMD-SHELL (a shell's line)`,
    );
}

function checkTasks(
  { containerInsights, cluster, spot }: FargateServiceArgs,
  { minTasks, maxTasks }: FargateServiceSize,
): void {
  checkWhole("minTasks", minTasks, 1, 5000);
  // ECS service quotas: tasks per service.
  checkWhole("maxTasks", maxTasks, 1, 5000);
  if (maxTasks < minTasks)
    throw invalidArgument(
      `maxTasks is ${maxTasks}, below minTasks ${minTasks}; raise one or lower the other`,
      {
        minTasks,
        maxTasks,
      },
    );
  checkOneOf("containerInsights", containerInsights, ["disabled", "enabled", "enhanced"]);
  if (cluster !== undefined && containerInsights !== undefined)
    throw invalidArgument(
      "containerInsights is a setting of the cluster, and the cluster is given; set it there, or leave one out",
    );
  openingTag("spot", spot);
  checkWhole("spot.onDemandTasks", spot?.onDemandTasks, 0, minTasks);
}

function checkScaling({ scaling = {}, loadBalancer }: FargateServiceArgs, deployment: DeploymentArgs): void {
  const { cpuPercent, memoryPercent, requestsPerTask } = scaling;
  if (cpuPercent !== false) checkWhole("scaling.cpuPercent", cpuPercent, 10, 95);
  if (memoryPercent !== false) checkWhole("scaling.memoryPercent", memoryPercent, 10, 95);
  if (requestsPerTask === undefined || requestsPerTask === false) return;
  checkWhole("scaling.requestsPerTask", requestsPerTask, 1, 1_000_000);
  if (loadBalancer === "none")
    throw invalidArgument("scaling.requestsPerTask counts a load balancer's requests; give loadBalancer");
  if (shiftsTraffic(deployment))
    throw invalidArgument(
      `scaling.requestsPerTask counts the requests of one target group, and deployment "${deployment.type}" has two in turn; scale by cpuPercent, or deploy "rolling"`,
      { type: deployment.type },
    );
}
