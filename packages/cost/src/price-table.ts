import { readFileSync } from "node:fs";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

/** Key of what costs the same in every region. */
export const EVERY_REGION = "*";

/** Prices in USD by region, then by what is paid for: `nat-gateway.hour`. */
export const priceTableSchema = z.strictObject({
  schema: z.literal("groundplane.dev/prices/v1"),
  currency: z.literal("USD"),
  /** Day for which the prices hold. */
  asOf: z.iso.date(),
  /** Where they come from, in words. */
  source: z.string().min(1),
  regions: z.record(
    z.union([z.literal(EVERY_REGION), z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region")]),
    z.record(z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/), z.number().min(0)),
  ),
});

export type PriceTable = Readonly<z.infer<typeof priceTableSchema>>;

/** @throws {PRICES_INVALID} naming what is not in order. */
export function parsePrices(value: unknown): PriceTable {
  const parsed = priceTableSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GroundplaneError(
    "PRICES_INVALID",
    `the price table is not in order: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? parsed.error.message}.`,
    { facts: { path: issue?.path.join(".") ?? "" } },
  );
}

/**
 * The table of this package: AWS's list prices, on demand, without tax, discounts and free tiers.
 *
 * @throws {PRICES_INVALID} when the file was changed and is none any more.
 */
export function listPrices(): PriceTable {
  const file = new URL("../prices/aws.json", import.meta.url);
  try {
    return parsePrices(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    if (cause instanceof GroundplaneError) throw cause;
    throw new GroundplaneError(
      "PRICES_INVALID",
      "the price table cannot be read: install the package again.",
      {
        cause,
      },
    );
  }
}

/** Undefined where the table has none. */
export function priceOf({ regions }: PriceTable, region: string, key: string): number | undefined {
  return regions[region]?.[key] ?? regions[EVERY_REGION]?.[key];
}
