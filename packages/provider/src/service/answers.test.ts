import grpc from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { answers } from "./answers.ts";
import { diffResponse } from "./diff-response.ts";
import { readProperties, writeProperties } from "./properties-message.ts";

/** What a server would send for the request. */
function asked<Response>(
  handler: (call: { readonly request: string }, reply: grpc.sendUnaryData<Response>) => void,
) {
  return new Promise<{ error: unknown; value: unknown }>((resolve) =>
    handler({ request: "in" }, (error, value) => resolve({ error, value })),
  );
}

test("a value is the reply, now or later; what is thrown is the engine's error in the provider's words", async () => {
  const metadata = new grpc.Metadata();
  const answer = answers((error) => ({ message: `echo: ${String(error)}`, metadata }));
  expect(await asked(answer((text: string) => `${text}+`))).toEqual({ error: null, value: "in+" });
  expect(await asked(answer(async (text: string) => `${text}+`))).toEqual({ error: null, value: "in+" });
  const failed = await asked(answer(() => Promise.reject("broken")));
  expect(failed.value).toBe(null);
  expect(failed.error).toMatchObject({ code: grpc.status.UNKNOWN, details: "echo: broken", metadata });
});

test("properties come back as they were sent", () => {
  const sent = { text: "x", list: [1, { deep: null }], yes: true };
  expect(readProperties(writeProperties(sent))).toEqual(sent);
  expect(readProperties(undefined)).toEqual({});
});

test("differences are told by leaf, and by property at the top", () => {
  const response = diffResponse(
    [
      { path: "files[0].content", kind: "update", replaces: true, input: true },
      { path: "files[1]", kind: "add", replaces: false, input: true },
      { path: "healthy", kind: "delete", replaces: false, input: false },
    ],
    true,
  );
  const { Kind } = pb.PropertyDiff;
  expect(response.toObject()).toMatchObject({
    changes: pb.DiffResponse.DiffChanges.DIFF_SOME,
    diffsList: ["files", "healthy"],
    replacesList: ["files"],
    deletebeforereplace: true,
    detaileddiffMap: [
      ["files[0].content", { kind: Kind.UPDATE_REPLACE, inputdiff: true }],
      ["files[1]", { kind: Kind.ADD, inputdiff: true }],
      ["healthy", { kind: Kind.DELETE, inputdiff: false }],
    ],
  });
  expect(diffResponse([], false).getChanges()).toBe(pb.DiffResponse.DiffChanges.DIFF_NONE);
});
