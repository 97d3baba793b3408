import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOfLater } from "../../../../test/code-of.ts";
import { PRICES } from "../change-set.fixture.ts";
import { type JsonMember, jsonMembers } from "./json-members.ts";
import { readOffer, withOffers } from "./read-offer.ts";

interface TestProduct {
  readonly sku: string;
  readonly family: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly usd: string;
}

const gateway = (sku: string, regionCode: string, usagetype: string, usd: string): TestProduct => ({
  sku,
  family: "NAT Gateway",
  attributes: { regionCode, usagetype, location: 'EU ("Frankfurt")' },
  usd,
});

/** A file in the form of AWS's bulk offers. */
function offer(products: readonly TestProduct[], offerCode = "AmazonEC2"): string {
  const terms = ({ sku, usd }: TestProduct) => ({
    [`${sku}.JRTCKXETXF`]: {
      offerTermCode: "JRTCKXETXF",
      sku,
      priceDimensions: {
        [`${sku}.JRTCKXETXF.2`]: {
          unit: "Hrs",
          beginRange: "100",
          endRange: "Inf",
          pricePerUnit: { USD: "0.0010000000" },
        },
        [`${sku}.JRTCKXETXF.1`]: {
          unit: "Hrs",
          beginRange: "0",
          endRange: "100",
          pricePerUnit: { USD: usd },
        },
      },
      termAttributes: {},
    },
  });
  return JSON.stringify({
    formatVersion: "v1.0",
    disclaimer: 'This, {too}, is "text" with a \\ in it]',
    offerCode,
    version: "20260101000000",
    publicationDate: "2026-01-15T10:11:12Z",
    products: Object.fromEntries(
      products.map((product) => [
        product.sku,
        { sku: product.sku, productFamily: product.family, attributes: product.attributes },
      ]),
    ),
    terms: {
      OnDemand: Object.fromEntries(products.map((product) => [product.sku, terms(product)])),
      Reserved: Object.fromEntries(products.map(({ sku }) => [sku, { nothing: ["of", { this: "counts" }] }])),
    },
    attributesList: {},
  });
}

function* pieces(text: string, size: number): Generator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

const FRANKFURT = [
  gateway("A1", "eu-central-1", "EUC1-NatGateway-Hours", "0.0520000000"),
  gateway("A2", "eu-central-1", "EUC1-NatGateway-Bytes", "0.0520000000"),
  gateway("A3", "eu-central-1", "EUC1-NatGateway-Something", "9.0000000000"),
];

describe("readOffer", () => {
  test("takes the first tier's price of what the table knows, wherever the pieces end", async () => {
    const text = offer(FRANKFURT);
    for (const size of [1, 7, 4096]) {
      expect(await readOffer(pieces(text, size))).toEqual({
        service: "AmazonEC2",
        publishedOn: "2026-01-15",
        regions: { "eu-central-1": { "nat-gateway.hour": 0.052, "nat-gateway.gb": 0.052 } },
        ambiguous: [],
      });
    }
  });

  test("leaves out other regions, and a key that has two prices", async () => {
    const products = [
      ...FRANKFURT,
      gateway("B1", "us-east-1", "NatGateway-Hours", "0.0450000000"),
      gateway("A4", "eu-central-1", "EU-NatGateway-Hours", "0.0480000000"),
    ];
    const found = await readOffer([offer(products)], ["eu-central-1"]);
    expect(found.regions).toEqual({ "eu-central-1": { "nat-gateway.gb": 0.052 } });
    expect(found.ambiguous).toEqual(["eu-central-1 nat-gateway.hour"]);
  });

  test("makes a price for a million out of one for a single request", async () => {
    const reads = {
      sku: "D1",
      family: "Amazon DynamoDB PayPerRequest Throughput",
      attributes: { regionCode: "eu-central-1", usagetype: "EUC1-ReadRequestUnits" },
      usd: "0.0000001525",
    };
    const found = await readOffer([offer([reads], "AmazonDynamoDB")]);
    expect(found.regions).toEqual({ "eu-central-1": { "dynamodb.read.million": 0.1525 } });
  });

  test("takes Linux on demand of many instance types", async () => {
    const instance = (sku: string, operatingSystem: string): TestProduct => ({
      sku,
      family: "Compute Instance",
      attributes: {
        ...{ regionCode: "us-east-1", instanceType: "t3.micro", operatingSystem, tenancy: "Shared" },
        ...{ capacitystatus: "Used", preInstalledSw: "NA", licenseModel: "No License required" },
      },
      usd: operatingSystem === "Linux" ? "0.0104000000" : "0.0196000000",
    });
    const found = await readOffer([offer([instance("I1", "Linux"), instance("I2", "Windows")])]);
    expect(found.regions).toEqual({ "us-east-1": { "ec2.t3.micro.hour": 0.0104 } });
  });

  test("fails when the file ends in its middle, or is no offer", async () => {
    expect(await codeOfLater(() => readOffer([offer(FRANKFURT).slice(0, -40)]))).toBe("PRICES_INVALID");
    expect(await codeOfLater(() => readOffer(["{}"]))).toBe("PRICES_INVALID");
    expect(await codeOfLater(() => readOffer([""]))).toBe("PRICES_INVALID");
  });

  test("keeps little of a long file", async () => {
    let longest = 0;
    function* many(): Generator<string> {
      yield '{"offerCode":"AmazonEC2","publicationDate":"2026-01-15T00:00:00Z","products":{';
      for (let index = 0; index < 5_000; index += 1)
        yield `${index === 0 ? "" : ","}"S${index}":{"productFamily":"Other","attributes":{"regionCode":"x"}}`;
      yield '},"terms":{"OnDemand":{},"Reserved":{}}}';
    }
    for await (const { text } of jsonMembers(many(), ([first = "", ...rest]) =>
      first === "products" && rest.length === 0 ? "enter" : "take",
    ))
      longest = Math.max(longest, text.length);
    expect(longest).toBeLessThan(100);
    expect((await readOffer(many())).regions).toEqual({});
  });
});

describe("jsonMembers", () => {
  test("gives the members of any object as JSON.parse sees them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (value, size, spaced) => {
          const text = JSON.stringify(value, null, spaced ? 2 : 0);
          const found: JsonMember[] = [];
          for await (const member of jsonMembers(pieces(text, size), () => "take")) found.push(member);
          const parsed = found.map(({ path, text: inner }) => [path[0], JSON.parse(inner)]);
          expect(parsed).toEqual(Object.entries(JSON.parse(text)));
        },
      ),
    );
  });
});

describe("withOffers", () => {
  test("puts new prices in the place of old ones, and says from when they are", () => {
    const offers = [
      {
        service: "AmazonEC2",
        publishedOn: "2026-02-01",
        regions: { "eu-central-1": { "nat-gateway.hour": 0.2 } },
        ambiguous: [],
      },
      { service: "AWSELB", publishedOn: "2026-01-20", regions: {}, ambiguous: [] },
    ];
    const table = withOffers(PRICES, offers);
    expect(table.asOf).toBe("2026-01-20");
    expect(table.source).toContain("AWSELB of 2026-01-20, AmazonEC2 of 2026-02-01");
    expect(table.regions["eu-central-1"]).toMatchObject({ "nat-gateway.hour": 0.2, "nat-gateway.gb": 0.1 });
    expect(table.regions["us-east-1"]).toEqual(PRICES.regions["us-east-1"]);
  });
});
