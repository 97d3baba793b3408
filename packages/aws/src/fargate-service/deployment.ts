import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import type * as aws from "@pulumi/aws";

/**
 * How a new version takes over. ECS itself shifts the traffic, and rolls back when tasks do not become healthy (circuit
 * breaker) or an alarm of the service goes off.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html
 */
export type DeploymentArgs =
  /** New tasks replace old ones, never fewer than wanted, at most twice as many. */
  | { readonly type: "rolling" }
  /** All traffic moves at once to a second full set of tasks; the first stays for the bake time. */
  | {
      readonly type: "blue-green";
      /** @minimum 0 @maximum 1440 @default 10 */
      readonly bakeMinutes?: number;
    }
  /** Some traffic first, and after a step the rest. */
  | {
      readonly type: "canary";
      /** @minimum 1 @maximum 99 */
      readonly percent: number;
      /** @minimum 0 @maximum 1440 */
      readonly stepMinutes: number;
      /** @minimum 0 @maximum 1440 @default 10 */
      readonly bakeMinutes?: number;
    }
  /** A share more in each step. */
  | {
      readonly type: "linear";
      /** @minimum 3 @maximum 99 */
      readonly percent: number;
      /** @minimum 0 @maximum 1440 */
      readonly stepMinutes: number;
      /** @minimum 0 @maximum 1440 @default 10 */
      readonly bakeMinutes?: number;
    };

const DEFAULT_BAKE_MINUTES = 10;
/** What starting, checking and draining tasks may take besides waiting. */
const WORK_MINUTES = 30;

export const shiftsTraffic = ({ type }: DeploymentArgs): boolean => type !== "rolling";

/**
 * Checks how a service is deployed.
 *
 * @throws {INVALID_ARGUMENT} a value is out of bounds, or it shifts traffic and there is no load balancer.
 */
export function checkDeployment(args: DeploymentArgs, hasLoadBalancer: boolean): void {
  checkOneOf("deployment.type", args.type, ["rolling", "blue-green", "canary", "linear"]);
  if (args.type === "rolling") return;
  if (!hasLoadBalancer)
    throw invalidArgument(
      `deployment.type is "${args.type}", which moves a load balancer's traffic; give loadBalancer, or "rolling"`,
      { type: args.type },
    );
  checkWhole("deployment.bakeMinutes", args.bakeMinutes, 0, 1440);
  if (args.type === "blue-green") return;
  checkWhole("deployment.percent", args.percent, args.type === "canary" ? 1 : 3, 99);
  checkWhole("deployment.stepMinutes", args.stepMinutes, 0, 1440);
}

/** The deployment in the words of ECS. */
export function deploymentConfiguration(
  args: DeploymentArgs,
): aws.types.input.ecs.ServiceDeploymentConfiguration {
  if (args.type === "rolling") return { strategy: "ROLLING" };
  const bakeTimeInMinutes = String(args.bakeMinutes ?? DEFAULT_BAKE_MINUTES);
  if (args.type === "blue-green") return { strategy: "BLUE_GREEN", bakeTimeInMinutes };
  const step = String(args.stepMinutes);
  return args.type === "canary"
    ? {
        strategy: "CANARY",
        bakeTimeInMinutes,
        canaryConfiguration: { canaryPercent: args.percent, canaryBakeTimeInMinutes: step },
      }
    : {
        strategy: "LINEAR",
        bakeTimeInMinutes,
        linearConfiguration: { stepPercent: args.percent, stepBakeTimeInMinutes: step },
      };
}

/** How long a deployment may take before it counts as failed. */
export function deploymentMinutes(args: DeploymentArgs): number {
  if (args.type === "rolling") return WORK_MINUTES;
  const steps = args.type === "blue-green" ? 0 : args.type === "canary" ? 1 : Math.ceil(100 / args.percent);
  const stepMinutes = args.type === "blue-green" ? 0 : args.stepMinutes;
  return WORK_MINUTES + steps * stepMinutes + (args.bakeMinutes ?? DEFAULT_BAKE_MINUTES);
}
