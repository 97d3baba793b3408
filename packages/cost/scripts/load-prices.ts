// Writes prices/aws.json anew from AWS's public price list. Give addresses or files of offers (index.json), or none for all:
//   node scripts/load-prices.ts [--regions us-east-1,eu-central-1] [offer …]
import { createReadStream, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { GroundplaneError } from "@groundplane/contracts";
import { PRICE_SELECTORS } from "../src/price-list/price-selectors.ts";
import { readOffer, withOffers } from "../src/price-list/read-offer.ts";
import { EVERY_REGION, listPrices, parsePrices } from "../src/price-table.ts";

const LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";

async function* textOf(place: string): AsyncGenerator<string> {
  if (!place.startsWith("https://")) {
    yield* createReadStream(place, { encoding: "utf8" });
    return;
  }
  const response = await fetch(place);
  if (!response.ok || response.body === null) {
    throw new GroundplaneError("PRICES_INVALID", `${place} answers ${response.status}: try again later.`);
  }
  yield* response.body.pipeThrough(new TextDecoderStream());
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { regions: { type: "string" }, to: { type: "string" } },
});
const table = listPrices();
const regions =
  values.regions?.split(",") ?? Object.keys(table.regions).filter((name) => name !== EVERY_REGION);
const services = [...new Set(PRICE_SELECTORS.map(({ service }) => service))];
const places =
  positionals.length > 0
    ? positionals
    : services.flatMap((service) =>
        regions.map((region) => `${LIST}/${service}/current/${region}/index.json`),
      );
const offers = [];
for (const place of places) {
  process.stderr.write(`${place}\n`);
  const offer = await readOffer(textOf(place), regions);
  for (const key of offer.ambiguous) process.stderr.write(`  more than one price, none is taken: ${key}\n`);
  offers.push(offer);
}
const target = values.to ?? new URL("../prices/aws.json", import.meta.url);
writeFileSync(target, `${JSON.stringify(parsePrices(withOffers(table, offers)), null, 2)}\n`);
