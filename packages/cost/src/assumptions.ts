import { type CostRange, type costEstimateSchema, GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import { exactly } from "./cost-range.ts";

interface Assumption extends CostRange {
  readonly unit: string;
  readonly about: string;
}

const assume = (low: number, expected: number, high: number, unit: string, about: string): Assumption => ({
  low,
  expected,
  high,
  unit,
  about,
});

/**
 * What is assumed where only usage decides, for each resource and month: ours, not a vendor's, and meant to be replaced by
 * an environment that knows its own.
 */
export const ASSUMPTIONS = {
  natGatewayGb: assume(10, 100, 1000, "GB", "data through a NAT gateway"),
  interfaceEndpointGb: assume(1, 20, 500, "GB", "data through an interface endpoint"),
  flowLogGb: assume(1, 10, 100, "GB", "records of a flow log that goes to S3 or Firehose"),
  loadBalancerUnits: assume(0, 1, 10, "capacity unit", "load balancer capacity units used, on average"),
  capacityShare: assume(
    0,
    0.5,
    1,
    "share",
    "how far between its minimum and maximum a capacity that scales is",
  ),
  rootVolumeGb: assume(8, 8, 30, "GB", "root volume of an instance that names no size"),
  clusterStorageGb: assume(10, 50, 500, "GB", "data in an Aurora cluster"),
  clusterIoMillions: assume(1, 20, 500, "million requests", "I/O of an Aurora cluster"),
  tableStorageGb: assume(1, 10, 100, "GB", "data in a DynamoDB table"),
  tableReadMillions: assume(0.1, 5, 100, "million reads", "read units of an on-demand DynamoDB table"),
  tableWriteMillions: assume(0.1, 1, 50, "million writes", "write units of an on-demand DynamoDB table"),
  bucketStorageGb: assume(1, 50, 1000, "GB", "data in an S3 bucket, standard class"),
  bucketWriteThousands: assume(
    1,
    50,
    1000,
    "thousand requests",
    "PUT, COPY, POST and LIST requests of an S3 bucket",
  ),
  bucketReadThousands: assume(1, 200, 10_000, "thousand requests", "GET requests of an S3 bucket"),
  fileSystemGb: assume(1, 20, 500, "GB", "data in an EFS file system, standard class"),
  functionRequestMillions: assume(0.01, 1, 50, "million requests", "calls of a Lambda function"),
  functionSeconds: assume(0.05, 0.2, 1, "second", "duration of a call of a Lambda function"),
  logIngestGb: assume(0.1, 5, 100, "GB", "logs into a log group"),
  logStorageGb: assume(0.1, 5, 100, "GB", "logs kept in a log group, compressed"),
  // A schedule runs once a minute at most.
  scheduleMillions: assume(
    0,
    0.001,
    0.0438,
    "million invocations",
    "invocations by a schedule of EventBridge Scheduler",
  ),
  keyRequestTenThousands: assume(0, 5, 500, "10,000 requests", "uses of a KMS key"),
  secretRequestTenThousands: assume(0, 1, 50, "10,000 requests", "reads of a secret"),
  zoneQueryMillions: assume(0.01, 1, 100, "million queries", "queries of a hosted zone"),
  topicPublishMillions: assume(0.01, 1, 50, "million requests", "messages published to an SNS topic"),
  topicDeliveryThousands: assume(
    0,
    1,
    100,
    "thousand messages",
    "messages delivered by mail or HTTP, of an SNS subscription",
  ),
  queueRequestMillions: assume(0.1, 3, 100, "million requests", "requests of an SQS queue"),
  trailDataEventHundredThousands: assume(
    0,
    10,
    1000,
    "100,000 events",
    "data events of a trail that records them",
  ),
  webAclRequestMillions: assume(0.1, 5, 100, "million requests", "requests that a web ACL looks at"),
  imageGb: assume(0.5, 5, 50, "GB", "images in an ECR repository"),
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof ASSUMPTIONS;

/** What nobody but its owner can put a price on, for each and month. What has no figure of the environment's own is unknown. */
export const OWN_PRICES = {
  hypervisorUsd: {
    unit: "USD",
    about:
      "a host of your own that runs virtual machines: power, space, and its purchase spread over its life",
  },
} as const satisfies Readonly<Record<string, Pick<Assumption, "unit" | "about">>>;

export type OwnPriceName = keyof typeof OWN_PRICES;

const amount = z.number().min(0);

/** One figure for all three, or the three. */
const overrideSchema = z.union([
  amount,
  z
    .strictObject({ low: amount, expected: amount, high: amount })
    .refine(({ low, expected, high }) => low <= expected && expected <= high, "low ≤ expected ≤ high"),
]);

const DESCRIBED = { ...ASSUMPTIONS, ...OWN_PRICES };
const names = Object.keys(DESCRIBED).filter(
  (name): name is AssumptionName | OwnPriceName => name in DESCRIBED,
);

/** Figures of an environment's own, by the name of the assumption or of what is one's own. */
export const assumptionOverridesSchema = z.partialRecord(z.enum(names), overrideSchema);

export type AssumptionOverrides = Readonly<z.infer<typeof assumptionOverridesSchema>>;

/** Hands out the figures, and remembers which were used. */
export class AssumedUsage {
  readonly #overrides: AssumptionOverrides;
  readonly #used = new Map<AssumptionName | OwnPriceName, CostRange>();

  /** @throws {INVALID_ARGUMENT} for a name that is none, or figures that are no range. */
  constructor(overrides: AssumptionOverrides = {}) {
    const parsed = assumptionOverridesSchema.safeParse(overrides);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new GroundplaneError(
        "INVALID_ARGUMENT",
        `assumptions: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not in order"}. There are: ${names.join(", ")}.`,
        { facts: { path: issue?.path.join(".") ?? "" } },
      );
    }
    this.#overrides = parsed.data;
  }

  range(name: AssumptionName): CostRange {
    const figures = this.#given(name) ?? ASSUMPTIONS[name];
    this.#used.set(name, figures);
    return figures;
  }

  /** Undefined where the environment has none. */
  ownPrice(name: OwnPriceName): CostRange | undefined {
    const figures = this.#given(name);
    if (figures !== undefined) this.#used.set(name, figures);
    return figures;
  }

  #given(name: AssumptionName | OwnPriceName): CostRange | undefined {
    const given = this.#overrides[name];
    return typeof given === "number" ? exactly(given) : given;
  }

  /** By name. */
  used(): z.infer<typeof costEstimateSchema>["assumptions"] {
    const byName = [...this.#used].sort(([a], [b]) => (a < b ? -1 : 1));
    return byName.map(([name, { low, expected, high }]) => {
      const { unit, about } = DESCRIBED[name];
      return { name, low, expected, high, unit, about, given: this.#overrides[name] !== undefined };
    });
  }
}
