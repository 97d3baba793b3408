import { type ChangeSet, UNKNOWN_MARK } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import { runRecord } from "../../../../test/run-record.ts";
import type { PlannedOutputs } from "../pipeline/run-context.ts";
import { plannedPreviews } from "./planned-previews.ts";

const project = {
  stacks: new Map([
    ["network", { dependsOn: [] }],
    ["data", { dependsOn: ["network"] }],
    ["app", { dependsOn: ["data", "dns"] }],
  ]),
};

function changeSetWith(outputs: ChangeSet["outputs"]): ChangeSet {
  return emptyChangeSet({ stack: "network", outputs });
}

async function previewed(outcomes: Readonly<Record<string, "changes" | "unchanged">>) {
  const given: Record<string, PlannedOutputs> = {};
  const preview = plannedPreviews(project, {
    start: async (request, planned) => {
      given[request.stack] = planned;
      return outcomes[request.stack] === "unchanged"
        ? runRecord({ operation: "preview", outcome: "unchanged" })
        : runRecord({
            operation: "preview",
            outcome: "cancelled",
            reason: { code: "PREVIEW_ONLY", message: "" },
          });
    },
    changeSetOf: () =>
      changeSetWith([
        { path: "gone", kind: "delete", before: "x", replaces: false },
        { path: "tag", kind: "update", before: "a", after: "b", replaces: false },
        { path: "vpcId", kind: "add", after: UNKNOWN_MARK, replaces: false },
      ]),
  });
  for (const stack of ["network", "data", "app"]) {
    await preview({ stack, environment: "dev", requester: "ada" });
  }
  return given;
}

test("each stack is previewed on what the previews of those that it needs say, and on nothing else", async () => {
  const outputs = { changed: { tag: "b", vpcId: UNKNOWN_MARK }, removed: ["gone"] };
  expect(await previewed({})).toEqual({ network: {}, data: { network: outputs }, app: { data: outputs } });
});

test("a stack that would not change is taken as it is deployed", async () => {
  expect(await previewed({ network: "unchanged" })).toMatchObject({ data: {} });
});
