import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxFixture } from "../provider/sandbox.fixture.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";

let fixture: SandboxFixture;
beforeEach(() => {
  fixture = new SandboxFixture();
});
afterEach(() => fixture.dispose());

describe("containers", () => {
  test("a task definition is the next revision of its family", () => {
    const task = { family: "orders", containerDefinitions: "[]" };
    const first = fixture.create(TASK, "first", task);
    const second = fixture.create(TASK, "second", task);
    const other = fixture.create(TASK, "other", { ...task, family: "mailer" });
    const family = "arn:aws:ecs:eu-west-1:000000000000:task-definition/orders";
    expect([first, second].map(({ outputs }) => outputs["arn"])).toEqual([`${family}:1`, `${family}:2`]);
    expect(second.outputs).toMatchObject({ revision: 2, arnWithoutRevision: family });
    expect(other.outputs["revision"]).toBe(1);
  });

  test("a load balancer and a target group have the end of their ARN, which metrics are named by", () => {
    const balancer = fixture.create("aws:lb/loadBalancer:LoadBalancer", "lb", { namePrefix: "orders" });
    const group = fixture.create("aws:lb/targetGroup:TargetGroup", "blue", { namePrefix: "orders" });
    for (const { outputs } of [balancer, group]) {
      expect(outputs["arnSuffix"]).toMatch(/\w+\/.*orders/);
      expect(String(outputs["arn"]).endsWith(String(outputs["arnSuffix"]))).toBe(true);
    }
    expect(balancer.outputs["arnSuffix"]).not.toContain("loadbalancer/");
  });
});
