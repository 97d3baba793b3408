import { expect, test } from "vitest";
import { add, change, changeSet, changeSetOf, update } from "../../../../test/browser/review.fixture.ts";
import { riskFacts } from "./risk-facts.ts";

const texts = (notes: readonly { readonly text: string }[]) => notes.map(({ text }) => text);

test("names what a change opens, grants and switches off", () => {
  const facts = riskFacts(changeSet);
  expect(texts(facts.openings)).toEqual(["ingress, because: partner smoke test until December"]);
  expect(texts(facts.exposed)).toEqual(["0.0.0.0/0 may reach port 443 (tcp)"]);
  expect(texts(facts.permissions)).toEqual(["update of aws:iam/rolePolicy:RolePolicy"]);
  expect(texts(facts.safeguards)).toEqual([
    "storageEncrypted becomes false: it stores its data unencrypted",
    "deletionProtection becomes false: it can be deleted without a second look",
  ]);
  expect(facts.unknownValues).toBe(15);
});

test("says nothing of a change that is harmless", () => {
  const quiet = changeSetOf([
    change("create", "aws:sns/topic:Topic", "t", [add("name", "t")]),
    change("update", "aws:rds/instance:Instance", "db", [update("storageEncrypted", false, true)]),
    change("update", "aws:ec2/route:Route", "r", [update("destinationCidrBlock", "10.0.0.0/8", "0.0.0.0/0")]),
  ]);
  expect(riskFacts(quiet)).toEqual({
    openings: [],
    exposed: [],
    permissions: [],
    safeguards: [],
    unknownValues: 0,
  });
});

test("names what is no longer protected", () => {
  const off = change("update", "aws:s3/bucket:Bucket", "state", [update("protect", true, false)]);
  const on = change("update", "aws:s3/bucket:Bucket", "logs", [update("protect", false, true)]);
  expect(texts(riskFacts(changeSetOf([off, on])).safeguards)).toEqual([
    "protect becomes false: it can be deleted by the next change",
  ]);
});

test("sees a safeguard inside a nested value, and a resource policy", () => {
  const facts = riskFacts(
    changeSetOf([
      change("create", "aws:ec2/instance:Instance", "vm", [add("rootBlockDevice", { encrypted: false })]),
      change("update", "aws:sqs/queue:Queue", "q", [update("policy", "{}", '{"Version":"2012-10-17"}')]),
    ]),
  );
  expect(texts(facts.safeguards)).toEqual(["encrypted is false: it stores its data unencrypted"]);
  expect(texts(facts.permissions)).toEqual(["update with its policy"]);
});
