/** What an offer file says of one product. */
export interface OfferProduct {
  readonly productFamily: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Which products of a service have a price that the table has under a key. */
export interface PriceSelector {
  /** The price list's code of the service: `AmazonEC2`. */
  readonly service: string;
  /** Undefined for a product that it is not about. */
  readonly keyOf: (product: OfferProduct) => string | undefined;
  /** The offer's unit in units of the table: a price per request times 1,000,000 is one per million. @default 1 */
  readonly perUnit?: number;
}

interface Match {
  readonly family?: string;
  /** Attributes that must be exactly this, or match this pattern. */
  readonly where: Readonly<Record<string, string | RegExp>>;
}

const matches = ({ productFamily, attributes }: OfferProduct, { family, where }: Match): boolean =>
  (family === undefined || family === productFamily) &&
  Object.entries(where).every(([name, wanted]) => {
    const value = attributes[name] ?? "";
    return typeof wanted === "string" ? value === wanted : wanted.test(value);
  });

/** The usage type without the region's letters before it: `EUC1-NatGateway-Hours`. */
const usage = (name: string): RegExp => new RegExp(`^([A-Z]{2,4}\\d?-)?${name}$`);

const one = (service: string, key: string, match: Match, perUnit = 1): PriceSelector => ({
  service,
  perUnit,
  keyOf: (product) => (matches(product, match) ? key : undefined),
});

/** A key for each value of an attribute. */
const each = (
  service: string,
  match: Match,
  attribute: string,
  key: (value: string) => string | undefined,
): PriceSelector => ({
  service,
  keyOf: (product) => (matches(product, match) ? key(product.attributes[attribute] ?? "") : undefined),
});

const ON_DEMAND_LINUX = {
  operatingSystem: "Linux",
  tenancy: "Shared",
  capacitystatus: "Used",
  preInstalledSw: "NA",
  licenseModel: "No License required",
} as const;

const classAfter = (prefix: string, key: (name: string) => string) => (value: string) =>
  value.startsWith(prefix) ? key(value.slice(prefix.length)) : undefined;

const database = (engine: string, key: string): PriceSelector =>
  each(
    "AmazonRDS",
    { family: "Database Instance", where: { databaseEngine: engine, deploymentOption: "Single-AZ" } },
    "instanceType",
    classAfter("db.", (name) => `${key}.${name}.hour`),
  );

const MILLION = 1_000_000;

/** What is read from the price list. A key that is not here keeps the price that the table had. */
export const PRICE_SELECTORS: readonly PriceSelector[] = [
  one("AmazonEC2", "nat-gateway.hour", {
    family: "NAT Gateway",
    where: { usagetype: usage("NatGateway-Hours") },
  }),
  one("AmazonEC2", "nat-gateway.gb", {
    family: "NAT Gateway",
    where: { usagetype: usage("NatGateway-Bytes") },
  }),
  one("AmazonVPC", "interface-endpoint.hour", { where: { usagetype: usage("VpcEndpoint-Hours") } }),
  one("AmazonVPC", "interface-endpoint.gb", { where: { usagetype: usage("VpcEndpoint-Bytes") } }),
  one("AmazonVPC", "public-ipv4.hour", { where: { usagetype: usage("PublicIPv4:InUseAddress") } }),
  each("AmazonEC2", { where: ON_DEMAND_LINUX }, "instanceType", (name) => `ec2.${name}.hour`),
  each(
    "AmazonEC2",
    { family: "Storage", where: { usagetype: usage("EBS:VolumeUsage.*") } },
    "volumeApiName",
    (name) => (name === "" ? undefined : `ebs.${name}.gb`),
  ),
  one("AmazonEC2", "ebs.gp3.iops", { where: { usagetype: usage("EBS:VolumeP-IOPS.gp3") } }),
  one("AWSELB", "alb.hour", {
    family: "Load Balancer-Application",
    where: { usagetype: usage("LoadBalancerUsage") },
  }),
  one("AWSELB", "alb.unit.hour", {
    family: "Load Balancer-Application",
    where: { usagetype: usage("LCUUsage") },
  }),
  one("AWSELB", "nlb.hour", {
    family: "Load Balancer-Network",
    where: { usagetype: usage("LoadBalancerUsage") },
  }),
  one("AWSELB", "nlb.unit.hour", {
    family: "Load Balancer-Network",
    where: { usagetype: usage("LCUUsage") },
  }),
  one("AmazonECS", "fargate.x86.vcpu.hour", { where: { usagetype: usage("Fargate-vCPU-Hours:perCPU") } }),
  one("AmazonECS", "fargate.x86.gb.hour", { where: { usagetype: usage("Fargate-GB-Hours") } }),
  one("AmazonECS", "fargate.arm.vcpu.hour", { where: { usagetype: usage("Fargate-ARM-vCPU-Hours:perCPU") } }),
  one("AmazonECS", "fargate.arm.gb.hour", { where: { usagetype: usage("Fargate-ARM-GB-Hours") } }),
  database("PostgreSQL", "rds.postgres"),
  database("MySQL", "rds.mysql"),
  database("MariaDB", "rds.mariadb"),
  database("Aurora PostgreSQL", "aurora"),
  one("AmazonRDS", "aurora.acu.hour", {
    family: "ServerlessV2",
    where: { usagetype: usage("Aurora:ServerlessV2Usage") },
  }),
  one("AmazonRDS", "aurora.storage.gb", { where: { usagetype: usage("Aurora:StorageUsage") } }),
  one("AmazonRDS", "aurora.io.million", { where: { usagetype: usage("Aurora:StorageIOUsage") } }, MILLION),
  one("AmazonRDS", "rds.gp2.gb", { where: { usagetype: usage("RDS:GP2-Storage") } }),
  one("AmazonRDS", "rds.gp3.gb", { where: { usagetype: usage("RDS:GP3-Storage") } }),
  one(
    "AmazonDynamoDB",
    "dynamodb.read.million",
    { where: { usagetype: usage("ReadRequestUnits") } },
    MILLION,
  ),
  one(
    "AmazonDynamoDB",
    "dynamodb.write.million",
    { where: { usagetype: usage("WriteRequestUnits") } },
    MILLION,
  ),
  one("AmazonDynamoDB", "dynamodb.gb", { where: { usagetype: usage("TimedStorage-ByteHrs") } }),
  one("AmazonDynamoDB", "dynamodb.rcu.hour", { where: { usagetype: usage("ReadCapacityUnit-Hrs") } }),
  one("AmazonDynamoDB", "dynamodb.wcu.hour", { where: { usagetype: usage("WriteCapacityUnit-Hrs") } }),
  ...["Redis", "Valkey"].map((engine) =>
    each(
      "AmazonElastiCache",
      { family: "Cache Instance", where: { cacheEngine: engine, usagetype: usage("NodeUsage:cache\\..*") } },
      "instanceType",
      classAfter("cache.", (name) => `elasticache.${engine.toLowerCase()}.${name}.hour`),
    ),
  ),
  one("AmazonS3", "s3.standard.gb", {
    where: { usagetype: usage("TimedStorage-ByteHrs"), volumeType: "Standard" },
  }),
  one("AmazonS3", "s3.write.thousand", { where: { usagetype: usage("Requests-Tier1") } }, 1000),
  one("AmazonS3", "s3.read.thousand", { where: { usagetype: usage("Requests-Tier2") } }, 1000),
  one("AmazonEFS", "efs.standard.gb", { where: { usagetype: usage("TimedStorage-ByteHrs") } }),
  one("AmazonCloudWatch", "logs.ingest.gb", { where: { usagetype: usage("DataProcessing-Bytes") } }),
  one("AmazonCloudWatch", "logs.storage.gb", { where: { usagetype: usage("TimedStorage-ByteHrs") } }),
];
