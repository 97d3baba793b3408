import { type DriftReport, GroundplaneError } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import type { DriftRequest } from "../orchestrator-options.ts";
import { driftEnvironment } from "./drift-environment.ts";
import type { StackGraph } from "./stack-graph.ts";

const graph: StackGraph = new Map([
  ["app", ["network"]],
  ["network", []],
  ["data", []],
]);

const reportOf = ({ stack, environment }: DriftRequest): DriftReport => ({
  schema: "groundplane.dev/drift/v1",
  project: "shop",
  stack,
  environment,
  sandbox: true,
  checkedAt: "2026-11-21T09:30:15.000Z",
  state: `sha256:${"a".repeat(64)}`,
  checked: 1,
  items: [],
  expiredIgnores: [],
  caveats: [],
});
const notDeployed = () => Promise.reject(new GroundplaneError("STACK_NOT_DEPLOYED", "nothing is there"));

describe("driftEnvironment", () => {
  test("reads every stack, or those named, never more at once than allowed, and tells them in the project's order", async () => {
    let atOnce = 0;
    let most = 0;
    const check = async (request: DriftRequest) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      // The first one ends last.
      for (let turn = request.stack === "app" ? 5 : 1; turn > 0; turn -= 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      atOnce -= 1;
      return reportOf(request);
    };
    const all = await driftEnvironment(graph, { environment: "dev", concurrency: 2 }, check);
    expect(all.stacks.map(({ stack }) => stack)).toEqual(["app", "network", "data"]);
    expect(most).toBe(2);
    const named = await driftEnvironment(graph, { environment: "dev", stacks: ["data"] }, check);
    expect(named.stacks).toMatchObject([{ stack: "data", report: { stack: "data", environment: "dev" } }]);
  });

  test("a stack that cannot be read does not hide the others, also not those that need it", async () => {
    const { stacks } = await driftEnvironment(graph, { environment: "dev" }, (request) =>
      request.stack === "network"
        ? Promise.reject(new GroundplaneError("ENGINE_FAILED", "the cloud does not answer"))
        : Promise.resolve(reportOf(request)),
    );
    expect(stacks).toMatchObject([
      { stack: "app", report: {} },
      { stack: "network", error: { code: "ENGINE_FAILED" } },
      { stack: "data", report: {} },
    ]);
  });

  test("what was not read because of a cancellation is told as not known", async () => {
    const controller = new AbortController();
    const { stacks } = await driftEnvironment(
      graph,
      { environment: "dev", concurrency: 1, signal: controller.signal },
      async (request) => {
        controller.abort();
        return reportOf(request);
      },
    );
    expect(stacks).toMatchObject([
      { stack: "app", report: {} },
      { stack: "network", error: { message: expect.stringContaining("not known") } },
      { stack: "data", error: { code: "ENGINE_FAILED" } },
    ]);
  });

  test("fails when nothing was compared: no stack matches, or none is deployed", async () => {
    const request = { environment: "dev" };
    await expect(
      driftEnvironment(graph, { ...request, stacks: ["nope"] }, notDeployed),
    ).rejects.toMatchObject({
      code: "STACK_NOT_FOUND",
    });
    await expect(driftEnvironment(graph, request, notDeployed)).rejects.toMatchObject({
      code: "STACK_NOT_DEPLOYED",
      message: expect.stringContaining("app, network, data"),
    });
  });
});
