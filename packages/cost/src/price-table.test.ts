import { describe, expect, test } from "vitest";
import { codeOf } from "../../../test/code-of.ts";
import { changeSetOf, PRICES } from "./change-set.fixture.ts";
import { estimate } from "./estimate.ts";
import { FREE_TYPES, isFree } from "./free-types.ts";
import { pricedTypes } from "./models.ts";
import { EVERY_REGION, listPrices, parsePrices } from "./price-table.ts";

describe("the committed table", () => {
  const table = listPrices();

  test("has prices for three regions, each above nothing", () => {
    expect(Object.keys(table.regions)).toEqual([EVERY_REGION, "us-east-1", "eu-central-1", "eu-west-1"]);
    for (const prices of Object.values(table.regions))
      for (const [key, price] of Object.entries(prices)) expect(price, key).toBeGreaterThan(0);
  });

  test.each(["us-east-1", "eu-central-1", "eu-west-1"])(
    "a private network's parts have a price in %s",
    (region) => {
      const found = estimate(
        changeSetOf(
          { type: "aws:ec2/natGateway:NatGateway", name: "nat", inputs: {} },
          { type: "aws:ec2/eip:Eip", name: "ip", inputs: {} },
          { type: "aws:cloudwatch/logGroup:LogGroup", name: "logs", inputs: {} },
          { type: "aws:kms/key:Key", name: "key", inputs: {} },
        ),
        table,
        { region },
      );
      expect(found.after.unknown).toBe(0);
      expect(found.after.expected).toBeGreaterThan(30);
    },
  );

  // AWS's price list, offers AmazonECS of 2026-07-07 and AmazonDynamoDB of 2026-08-15.
  test.each([
    ["eu-west-1", "fargate.storage.gb.hour", 0.000122],
    ["eu-central-1", "fargate.x86.vcpu.hour", 0.04656],
    ["eu-central-1", "fargate.arm.gb.hour", 0.00409],
    ["eu-central-1", "dynamodb.write.million", 0.7625],
    ["eu-west-1", "dynamodb.read.million", 0.1415],
  ])("says what AWS's list says of %s: %s", (region, key, price) => {
    expect(table.regions[region]?.[key]).toBe(price);
  });

  // Figures of AWS's own pricing pages for us-east-1: 0.045 USD × 730 h, and 0.04048 USD a vCPU and hour.
  test("says what AWS's pages say", () => {
    expect(table.regions["us-east-1"]?.["nat-gateway.hour"]).toBe(0.045);
    expect(table.regions["us-east-1"]?.["fargate.x86.vcpu.hour"]).toBe(0.04048);
    expect(table.regions[EVERY_REGION]?.["public-ipv4.hour"]).toBe(0.005);
  });
});

test("no type is both free and priced", () => {
  // A provider of libvirt stands for a host; others are only a way to something.
  expect(pricedTypes().filter(isFree)).toEqual(["pulumi:providers:libvirt"]);
  expect(FREE_TYPES.filter((type) => type === "*")).toEqual([]);
});

describe("parsePrices", () => {
  test.each([
    ["a negative price", { ...PRICES, regions: { "us-east-1": { "nat-gateway.hour": -1 } } }],
    ["a region that is none", { ...PRICES, regions: { moon: {} } }],
    ["another currency", { ...PRICES, currency: "EUR" }],
    ["no date", { ...PRICES, asOf: "lately" }],
    ["nothing", undefined],
  ])("fails when it has %s", (_title, value) => {
    expect(codeOf(() => parsePrices(value))).toBe("PRICES_INVALID");
  });
});
