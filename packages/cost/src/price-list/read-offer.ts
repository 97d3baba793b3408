import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { PriceTable } from "../price-table.ts";
import { jsonMembers, type Wanted } from "./json-members.ts";
import { PRICE_SELECTORS, type PriceSelector } from "./price-selectors.ts";

const productSchema = z.object({
  productFamily: z.string().default(""),
  attributes: z.record(z.string(), z.string()),
});

const termsSchema = z.record(
  z.string(),
  z.object({
    priceDimensions: z.record(
      z.string(),
      z.object({
        beginRange: z.string().optional(),
        pricePerUnit: z.object({ USD: z.string().optional() }),
      }),
    ),
  }),
);

export interface Offer {
  readonly service: string;
  /** Day of publication. */
  readonly publishedOn: string;
  /** By region, then by key. */
  readonly regions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Keys for which it has more than one price, as `region key`: none of them is taken. */
  readonly ambiguous: readonly string[];
}

const WANTED: readonly (readonly (string | RegExp)[])[] = [
  [/^(offerCode|publicationDate)$/],
  ["products", /./],
  ["terms", "OnDemand", /./],
];

/** Reserved terms are most of a file, and skipped. */
const wanted: Wanted = (path) => {
  const fits = (pattern: readonly (string | RegExp)[]): boolean =>
    path.every((key, index) => {
      const part = pattern[index];
      return typeof part === "string" ? part === key : part?.test(key) === true;
    });
  const found = WANTED.find(fits);
  if (found === undefined) return "skip";
  return found.length === path.length ? "take" : "enter";
};

/** The first tier that costs something: what the first unit that is paid for costs. */
function unitPrice(text: string): number | undefined {
  const dimensions = Object.values(termsSchema.parse(JSON.parse(text))).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  );
  const prices = dimensions
    .map(({ beginRange, pricePerUnit }) => ({
      from: Number(beginRange ?? "0"),
      usd: Number(pricePerUnit.USD ?? Number.NaN),
    }))
    .filter(({ usd }) => Number.isFinite(usd) && usd > 0)
    .sort((a, b) => a.from - b.from);
  return prices[0]?.usd;
}

interface Found {
  readonly region: string;
  readonly key: string;
  readonly perUnit: number;
}

function foundIn(text: string, selectors: readonly PriceSelector[]): readonly Found[] {
  const product = productSchema.parse(JSON.parse(text));
  const region = product.attributes["regionCode"];
  if (region === undefined || region === "") return [];
  return selectors.flatMap((selector) => {
    const key = selector.keyOf(product);
    return key === undefined ? [] : [{ region, key, perUnit: selector.perUnit ?? 1 }];
  });
}

/** A millionth of a millionth: what multiplying leaves beyond it is no price. */
const exact = (usd: number): number => Number(usd.toPrecision(12));

/**
 * Reads an offer file of AWS's price list (`index.json`) as it comes in: one of 300 MB needs no more memory than one of 1 MB.
 *
 * @param regions Only these. @default - every one in the file
 * @throws {PRICES_INVALID} when it is none.
 */
export async function readOffer(
  chunks: AsyncIterable<string> | Iterable<string>,
  regions?: readonly string[],
): Promise<Offer> {
  const skus = new Map<string, readonly Found[]>();
  const prices: Record<string, Record<string, number>> = {};
  const ambiguous = new Set<string>();
  let service = "";
  let publishedOn = "";
  let selectors: readonly PriceSelector[] = [];
  for await (const { path, text } of jsonMembers(chunks, wanted)) {
    const [part = "", second = "", third = ""] = path;
    if (part === "offerCode") {
      service = z.string().parse(JSON.parse(text));
      selectors = PRICE_SELECTORS.filter((selector) => selector.service === service);
    } else if (part === "publicationDate") {
      publishedOn = z.string().parse(JSON.parse(text)).slice(0, 10);
    } else if (part === "products") {
      const found = foundIn(text, selectors).filter(({ region }) => regions?.includes(region) ?? true);
      if (found.length > 0) skus.set(second, found);
    } else {
      for (const { region, key, perUnit } of skus.get(third) ?? []) {
        const usd = unitPrice(text);
        if (usd === undefined) continue;
        const known = prices[region]?.[key];
        const price = exact(usd * perUnit);
        if (known !== undefined && known !== price) ambiguous.add(`${region} ${key}`);
        prices[region] = { ...prices[region], [key]: price };
      }
    }
  }
  if (service !== "" && publishedOn !== "") {
    const certain = Object.entries(prices).map(([region, found]) => [
      region,
      Object.fromEntries(Object.entries(found).filter(([key]) => !ambiguous.has(`${region} ${key}`))),
    ]);
    return { service, publishedOn, regions: Object.fromEntries(certain), ambiguous: [...ambiguous].sort() };
  }
  throw new GroundplaneError(
    "PRICES_INVALID",
    "the file is no offer file: it has no offerCode or publicationDate.",
  );
}

/** A table with the offers' prices in the place of those that it had. */
export function withOffers(table: PriceTable, offers: readonly Offer[]): PriceTable {
  const regions: Record<string, Record<string, number>> = { ...table.regions };
  for (const offer of offers)
    for (const [region, prices] of Object.entries(offer.regions))
      regions[region] = { ...regions[region], ...prices };
  const sorted = Object.entries(regions).map(
    ([region, prices]) =>
      [region, Object.fromEntries(Object.entries(prices).sort(([a], [b]) => (a < b ? -1 : 1)))] as const,
  );
  const [oldest = table.asOf] = offers.map(({ publishedOn }) => publishedOn).sort();
  const names = offers.map(({ service, publishedOn }) => `${service} of ${publishedOn}`).sort();
  return {
    ...table,
    asOf: oldest,
    source: `AWS price list, on demand, without tax: ${names.join(", ")}. What these do not have is older.`,
    regions: Object.fromEntries(sorted),
  };
}
