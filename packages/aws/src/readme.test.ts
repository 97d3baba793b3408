import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { blocksOf, regionsOf, squeezed } from "../../../test/page-examples.ts";
import { parseIpv4Block } from "./cidr.ts";
import * as examples from "./vpc/examples.fixture.ts";
import { planVpc } from "./vpc/vpc-plan.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = squeezed(read("../README.md"));
const regions = regionsOf(read("vpc/examples.fixture.ts"));
const rows = (heading: string) =>
  readme
    .slice(readme.indexOf(heading))
    .split("\n\n")[0]
    ?.split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ) ?? [];

describe("the README", () => {
  test("shows the compiled examples, all of them and no others", () => {
    const blocks = blocksOf(readme).map((block) =>
      block.replace('import { Vpc } from "@groundplane/aws";\n', "").trim(),
    );
    expect(blocks.toSorted()).toEqual(regions.toSorted());
  });

  test("begins with the example of the class", () => {
    const [, body = ""] = /@example\n([\s\S]*?)\n \*\n/.exec(read("vpc/vpc.ts")) ?? [];
    expect(body.replaceAll(/^ \* ?/gm, "")).toBe(regions[0]);
  });

  // Without an engine there are no transforms: that one is compiled, and not run.
  const { transform: _, ...runnable } = examples;
  test.each(Object.entries(runnable))("has an example that is valid: %s", async (_, example) => {
    await pulumi.runtime.setMocks({
      newResource: ({ inputs, name }) => ({
        id: name,
        state: {
          ...inputs,
          outputs: { vpcId: "vpc-1" },
          secretOutputNames: [],
          arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1",
          ipv6CidrBlock: "2600::/56",
        },
      }),
      call: () => ({}),
    });
    expect(example()).toBeDefined();
    await pulumi.runtime.disconnect();
  });

  test("states the addresses that the planner gives", () => {
    const table = rows("| slot | private | isolated | public |");
    expect(table).toHaveLength(8);
    for (const [slot = "", ...blocks] of table) {
      const { subnets } = planVpc({ cidrBlock: "10.16.0.0/16", zones: [`eu-central-1${slot}`] });
      const planned = ["private", "isolated", "public"].map(
        (tier) => subnets.find((s) => s.tier === tier)?.cidrBlock,
      );
      expect(blocks).toEqual(planned);
    }
  });

  test("states the sizes and slots of smaller blocks", () => {
    const table = rows("| VPC | slots | private | isolated | public |");
    expect(table).toHaveLength(6);
    for (const [prefix = "", slots = "", ...sizes] of table) {
      const last = slots.slice(-1);
      const plan = (slot: string) =>
        planVpc({ cidrBlock: `10.0.0.0${prefix}`, zones: [`eu-central-1${slot}`] }).subnets;
      const planned = ["private", "isolated", "public"].map((tier) => {
        const subnet = plan(last).find((s) => s.tier === tier);
        return `/${parseIpv4Block(subnet?.cidrBlock ?? "").prefix}`;
      });
      expect(sizes).toEqual(planned);
      const beyond = String.fromCharCode(last.charCodeAt(0) + 1);
      expect(() => plan(beyond)).toThrow();
    }
  });
});
