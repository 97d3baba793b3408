import type { Exemption } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { exemptionsOfStack } from "./exemptions-of-stack.ts";

const exempt = (resource: string): Exemption => ({
  ...{ rule: "iam-no-service-wildcard", resource, reason: "a boundary names services whole" },
  ...{ who: "platform", until: "2027-06-30" },
});

test.each([
  ["urn:pulumi:dev::global::aws:iam/policy:Policy::boundary", true],
  ["urn:pulumi:dev::global::*::boundary", true],
  ["urn:pulumi:dev::network::*", false],
  ["urn:pulumi:dev::global-two::*", false],
  // What a star may stand for is not known: it is looked at in every stack.
  ["*", true],
  ["*::boundary", true],
  ["urn:pulumi:*::network::*", true],
  ["urn:pulumi:dev::net*::boundary", true],
])("%s may be of global: %s", (resource, expected) => {
  expect(exemptionsOfStack([exempt(resource)], "global")).toHaveLength(expected ? 1 : 0);
});
