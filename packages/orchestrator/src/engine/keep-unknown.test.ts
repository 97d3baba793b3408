import { UNKNOWN_TEXT } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { keepUnknown } from "./keep-unknown.ts";

const arn = `arn:aws:ec2:eu-central-1:1:vpc/${UNKNOWN_TEXT}`;
/** As the engine would get it. */
const resolved = (value: unknown): Promise<unknown> =>
  new Promise((resolve) => pulumi.all([value]).apply(([known]) => resolve(known)));

test("what was built from an unknown text is unknown, however deep; the rest is as it was", async () => {
  const policy = { Statement: [{ Resource: [arn, "*"] }], Version: "2012-10-17" };
  expect(
    await resolved(
      keepUnknown({
        exact: UNKNOWN_TEXT,
        arn,
        policy,
        json: JSON.stringify(policy),
        userData: Buffer.from(`#!/bin/sh\necho ${arn}`).toString("base64"),
        tags: { [`kubernetes.io/${UNKNOWN_TEXT}`]: "owned" },
        later: pulumi.output(arn),
        promised: Promise.resolve([arn, 1]),
        kept: { text: "x", count: 3, off: false, none: null },
      }),
    ),
  ).toEqual({
    exact: UNKNOWN_TEXT,
    arn: UNKNOWN_TEXT,
    policy: { Statement: [{ Resource: [UNKNOWN_TEXT, "*"] }], Version: "2012-10-17" },
    json: UNKNOWN_TEXT,
    userData: UNKNOWN_TEXT,
    tags: UNKNOWN_TEXT,
    later: UNKNOWN_TEXT,
    promised: [UNKNOWN_TEXT, 1],
    kept: { text: "x", count: 3, off: false, none: null },
  });
});

test("assets of text are looked into; what is no plain data is left alone", async () => {
  const asset = new pulumi.asset.StringAsset("plain");
  const remote = new pulumi.asset.RemoteAsset("https://example.org/x");
  expect(await keepUnknown(asset)).toBe(asset);
  expect(await keepUnknown(new pulumi.asset.StringAsset(arn))).toBe(UNKNOWN_TEXT);
  expect(keepUnknown(remote)).toBe(remote);
  const date = new Date(0);
  expect(keepUnknown(date)).toBe(date);
});

test("a secret stays one", async () => {
  const kept = keepUnknown(pulumi.secret(arn));
  if (!pulumi.Output.isInstance(kept)) throw new TypeError("no output");
  expect([await pulumi.isSecret(kept), await resolved(kept)]).toEqual([true, UNKNOWN_TEXT]);
});
