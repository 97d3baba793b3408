import type { CostEstimate, CostItem, CostTotal } from "@groundplane/contracts";

export const totalOf = (expected: number, unknown = 0): CostTotal => ({
  low: expected,
  expected,
  high: expected,
  unknown,
});

export function itemOf(name: string, more: Partial<CostItem> = {}): CostItem {
  const type = "aws:ec2/natGateway:NatGateway";
  return {
    ...{ urn: `urn:pulumi:dev::net::${type}::${name}`, type, name, operation: "create" },
    ...{ charges: [], unknown: [] },
    ...more,
  };
}

/** An estimate of what is there before and after, in USD a month. */
export function estimateOf(before: number, after: number, items: readonly CostItem[] = []): CostEstimate {
  const unknown = items.filter((item) => item.unknown.length > 0).length;
  return {
    schema: "groundplane.dev/cost/v1",
    currency: "USD",
    prices: { asOf: "2026-01-01", source: "a test" },
    before: totalOf(before),
    after: totalOf(after, unknown),
    change: totalOf(after - before, unknown),
    items: [...items],
    assumptions: [],
  };
}
