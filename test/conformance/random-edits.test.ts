import { Vpc, type VpcArgs } from "@groundplane/aws";
import { isGroundplaneError } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyEffects, effectsOf, seenEdit } from "../argument-effects.ts";

const RUNS = 500;
/** For all of them: each builds a component twice. */
const LIMIT_MS = 600_000;
const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

/** Arguments of a network of which any may be edited; the block that subnets are cut from stays. */
const networkArgs: fc.Arbitrary<VpcArgs> = fc
  .record(
    {
      zones: fc.shuffledSubarray(ZONES, { minLength: 1 }),
      tiers: fc.shuffledSubarray(["public", "private", "isolated"] as const, { minLength: 1 }),
      nat: fc.constantFrom("none", "single", "per-zone"),
      ipv6: fc.boolean(),
      interfaceEndpoints: fc.shuffledSubarray(["ssm", "ecr.api", "logs"]),
      publicIngress: fc.constantFrom([], [{ port: 443, reason: "web" }]),
      peerCidrBlocks: fc.constantFrom([], ["10.99.0.0/16"]),
      flowLogs: fc.constantFrom<NonNullable<VpcArgs["flowLogs"]>>(
        { destination: "cloud-watch-logs", retentionDays: 30 },
        { destination: "cloud-watch-logs", retentionDays: 365, aggregationSeconds: 60 },
        { destination: "none", reason: "tried elsewhere" },
      ),
    },
    { requiredKeys: ["zones"] },
  )
  .map((args) => ({ cidrBlock: "10.16.0.0/16", tags, ...args }));

const network = {
  create: (args: VpcArgs, options: ConstructorParameters<typeof Vpc>[2]) => new Vpc("unit", args, options),
  compute: () => ({
    arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1",
    ipv6CidrBlock: "2600:1f14:a:bc00::/56",
  }),
};

test(
  `of ${RUNS} random edits of a network none moves a subnet that stays, and what held logs goes only by name`,
  async () => {
    let edits = 0;
    await fc.assert(
      fc.asyncProperty(networkArgs, networkArgs, async (from, to) => {
        try {
          const { effect, losses } = await seenEdit(network, from, to);
          if ("refused" in effect) return;
          edits += 1;
          const moved = (effect.replaces ?? []).filter((role) =>
            /^(public|private|isolated)-[a-c]$|^vpc$/.test(role),
          );
          expect(moved).toEqual([]);
          const off = from.flowLogs?.destination !== "none" && to.flowLogs?.destination === "none";
          expect(Object.keys(losses)).toEqual(off ? ["flow-logs-group"] : []);
        } catch (error) {
          // Arguments that do not go together, before the edit.
          if (!isGroundplaneError(error) || error.code !== "INVALID_ARGUMENT") throw error;
        }
      }),
      { numRuns: RUNS },
    );
    // Not all were refused.
    expect(edits).toBeGreaterThan(RUNS / 4);
  },
  LIMIT_MS,
);

/** Several of a component's documented changes at once. */
function edits({ changes }: AnyEffects): fc.Arbitrary<readonly (readonly [string, unknown])[]> {
  const each = Object.entries(changes).flatMap(([argument, some]) => {
    const taken = [some].flat().filter(({ effect }) => !("refused" in effect));
    return taken.length === 0 ? [] : [fc.constantFrom(...taken).map(({ to }) => [argument, to] as const)];
  });
  return fc.shuffledSubarray(each, { minLength: 1, maxLength: 4 }).chain((chosen) => fc.tuple(...chosen));
}

/** Children that any single documented change of these arguments loses. */
function documentedLosses({ changes }: AnyEffects, named: readonly string[]): readonly string[] {
  return named.flatMap((argument) =>
    [changes[argument] ?? []]
      .flat()
      .flatMap(({ effect }) =>
        "refused" in effect ? [] : [...(effect.replaces ?? []), ...(effect.deletes ?? [])],
      ),
  );
}

describe.each(["fargate-service", "postgres-cluster"])("%s", async (component) => {
  const described = await effectsOf(component);

  test(
    `of ${RUNS / 2} random edits of several arguments none loses data that no single one is documented to lose`,
    async () => {
      await fc.assert(
        fc.asyncProperty(edits(described), async (edit) => {
          const to = { ...described.base, ...Object.fromEntries(edit) };
          const { losses } = await seenEdit(described, described.base, to);
          const allowed = documentedLosses(
            described,
            edit.map(([argument]) => argument),
          );
          expect(allowed).toEqual(expect.arrayContaining(Object.keys(losses)));
        }),
        { numRuns: RUNS / 2 },
      );
    },
    LIMIT_MS,
  );
});
