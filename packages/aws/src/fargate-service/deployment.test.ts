import { describe, expect, test } from "vitest";
import {
  checkDeployment,
  type DeploymentArgs,
  deploymentConfiguration,
  deploymentMinutes,
} from "./deployment.ts";

describe("a deployment", () => {
  test.each<[DeploymentArgs, object, number]>([
    [{ type: "rolling" }, { strategy: "ROLLING" }, 30],
    [{ type: "blue-green" }, { strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" }, 40],
    [
      { type: "canary", percent: 10, stepMinutes: 15, bakeMinutes: 5 },
      {
        strategy: "CANARY",
        bakeTimeInMinutes: "5",
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: "15" },
      },
      50,
    ],
    [
      { type: "linear", percent: 30, stepMinutes: 3 },
      {
        strategy: "LINEAR",
        bakeTimeInMinutes: "10",
        linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: "3" },
      },
      52,
    ],
  ])("%o is told to ECS, and given its time", (args, configuration, minutes) => {
    expect(() => checkDeployment(args, true)).not.toThrow();
    expect(deploymentConfiguration(args)).toEqual(configuration);
    expect(deploymentMinutes(args)).toBe(minutes);
  });

  test.each<[DeploymentArgs, boolean, string]>([
    [{ type: "blue-green" }, false, "moves a load balancer's traffic"],
    [{ type: "blue-green", bakeMinutes: 1441 }, true, "deployment.bakeMinutes is 1441"],
    [{ type: "canary", percent: 100, stepMinutes: 1 }, true, "deployment.percent is 100"],
    [{ type: "canary", percent: 1, stepMinutes: -1 }, true, "deployment.stepMinutes is -1"],
    [{ type: "linear", percent: 2, stepMinutes: 1 }, true, "deployment.percent is 2"],
  ])("fails when it is %o (load balancer: %s)", (args, hasLoadBalancer, message) =>
    expect(() => checkDeployment(args, hasLoadBalancer)).toThrow(message),
  );
});
