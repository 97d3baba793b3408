import type { CostRange } from "@groundplane/contracts";
import { type CostModel, HOURS, type Surroundings, used, withoutFigure } from "../cost-model.ts";
import { add, exactly, subtract, times } from "../cost-range.ts";
import { NotPriceable, type PricedResource } from "../priced-resource.ts";

/** `db.t4g.micro` as the price table has it: `t4g.micro`. */
const classOf = (resource: PricedResource, path: string, prefix: string): string => {
  const name = resource.text(path);
  if (name.startsWith(prefix)) return name.slice(prefix.length);
  throw new NotPriceable(`${path} "${name}" is no class that begins with ${prefix}`);
};

/** With a standby in another zone everything is there twice. */
const copies = (database: PricedResource): number => (database.flag("multiAz") ? 2 : 1);

function storageOf(database: PricedResource): string {
  const type = database.text("storageType", database.has("iops") ? "io1" : "gp2");
  if (type === "gp3" && database.has("iops"))
    throw new NotPriceable("this version has no figures for IOPS above those of gp3");
  return type;
}

function requireAurora(cluster: PricedResource): void {
  const engine = cluster.text("engine");
  if (!engine.startsWith("aurora"))
    throw new NotPriceable(`this version has no figures for a cluster of ${engine}`);
  const storage = cluster.text("storageType", "aurora");
  if (storage !== "aurora") throw new NotPriceable(`this version has no figures for storage ${storage}`);
}

const auroraPrice = (key: string) => (cluster: PricedResource) => {
  requireAurora(cluster);
  return key;
};

const isServerless = (instance: PricedResource): boolean =>
  instance.text("instanceClass") === "db.serverless";

/** Capacity units that a serverless instance has on average. */
function capacityUnits(instance: PricedResource, { companion, assume }: Surroundings): CostRange {
  const identifier = instance.knownText("clusterIdentifier");
  const cluster = companion(instance, "aws:rds/cluster:Cluster", identifier);
  const low = exactly(cluster.number("serverlessv2ScalingConfiguration.minCapacity"));
  const high = exactly(cluster.number("serverlessv2ScalingConfiguration.maxCapacity"));
  return add(low, times(subtract(high, low), assume("capacityShare")));
}

const isOnDemand = (table: PricedResource): boolean =>
  table.text("billingMode", "PROVISIONED") === "PAY_PER_REQUEST";

const capacity = (table: PricedResource, kind: "readCapacity" | "writeCapacity"): number =>
  table
    .parts("globalSecondaryIndexes")
    .reduce((total, index) => total + index.number(kind, 0), table.number(kind));

const provisioned = (kind: "readCapacity" | "writeCapacity", price: string, what: string) => ({
  what,
  unit: "unit-hour",
  price,
  quantity: (table: PricedResource) => capacity(table, kind) * HOURS,
  when: (table: PricedResource) => !isOnDemand(table),
});

function cacheKey(cache: PricedResource): string {
  const engine = cache.text("engine", "redis");
  // Memcached and Redis nodes cost the same.
  return `elasticache.${engine === "memcached" ? "redis" : engine}.${classOf(cache, "nodeType", "cache.")}.hour`;
}

function cacheNodes(group: PricedResource): number {
  if (group.has("numCacheClusters")) return group.number("numCacheClusters");
  return group.number("numNodeGroups", 1) * (group.number("replicasPerNodeGroup", 0) + 1);
}

const BUCKET: CostModel = [
  used("s3.standard.gb", "storage, standard class", "GB", "bucketStorageGb"),
  used("s3.write.thousand", "writes and lists", "thousand requests", "bucketWriteThousands"),
  used("s3.read.thousand", "reads", "thousand requests", "bucketReadThousands"),
];

export const DATA_MODELS: Readonly<Record<string, CostModel>> = {
  "aws:rds/instance:Instance": [
    {
      what: "instance hours",
      unit: "hour",
      price: (database) => `rds.${database.text("engine")}.${classOf(database, "instanceClass", "db.")}.hour`,
      quantity: (database) => copies(database) * HOURS,
    },
    {
      what: "storage",
      unit: "GB",
      price: (database) => `rds.${storageOf(database)}.gb`,
      quantity: (database) => {
        const size = database.number("allocatedStorage");
        const most = database.has("maxAllocatedStorage") ? database.number("maxAllocatedStorage") : size;
        const both = exactly(copies(database));
        return times({ low: size, expected: size, high: Math.max(size, most) }, both);
      },
    },
    {
      what: "provisioned IOPS",
      unit: "IOPS",
      price: (database) => `rds.${storageOf(database)}.iops`,
      quantity: (database) => copies(database) * database.number("iops"),
      when: (database) => storageOf(database).startsWith("io"),
    },
  ],
  "aws:rds/cluster:Cluster": [
    {
      ...used("aurora.storage.gb", "storage", "GB", "clusterStorageGb"),
      price: auroraPrice("aurora.storage.gb"),
    },
    {
      ...used("aurora.io.million", "I/O", "million requests", "clusterIoMillions"),
      price: auroraPrice("aurora.io.million"),
    },
  ],
  "aws:rds/clusterInstance:ClusterInstance": [
    {
      what: "instance hours",
      unit: "hour",
      price: (instance) => {
        const engine = instance.text("engine");
        if (engine.startsWith("aurora")) return `aurora.${classOf(instance, "instanceClass", "db.")}.hour`;
        throw new NotPriceable(`this version has no figures for a cluster of ${engine}`);
      },
      quantity: HOURS,
      when: (instance) => !isServerless(instance),
    },
    {
      what: "Aurora capacity units",
      unit: "ACU-hour",
      price: "aurora.acu.hour",
      quantity: (instance, surroundings) => times(capacityUnits(instance, surroundings), exactly(HOURS)),
      when: isServerless,
    },
  ],
  "aws:dynamodb/table:Table": [
    { ...used("dynamodb.read.million", "reads", "million reads", "tableReadMillions"), when: isOnDemand },
    { ...used("dynamodb.write.million", "writes", "million writes", "tableWriteMillions"), when: isOnDemand },
    provisioned("readCapacity", "dynamodb.rcu.hour", "read capacity"),
    provisioned("writeCapacity", "dynamodb.wcu.hour", "write capacity"),
    used("dynamodb.gb", "storage", "GB", "tableStorageGb"),
    withoutFigure("replicas in other regions", (table) => table.list("replicas").length > 0),
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    { what: "node hours", unit: "hour", price: cacheKey, quantity: (group) => cacheNodes(group) * HOURS },
  ],
  "aws:elasticache/cluster:Cluster": [
    {
      what: "node hours",
      unit: "hour",
      price: cacheKey,
      quantity: (cluster) => cluster.number("numCacheNodes", 1) * HOURS,
      // Nodes of a replication group are counted there.
      when: (cluster) => !cluster.has("replicationGroupId"),
    },
  ],
  "aws:s3/bucket:Bucket": BUCKET,
  "aws:s3/bucketV2:BucketV2": BUCKET,
  "aws:efs/fileSystem:FileSystem": [
    {
      ...used("efs.standard.gb", "storage, standard class", "GB", "fileSystemGb"),
      price: (system) => (system.has("availabilityZoneName") ? "efs.one-zone.gb" : "efs.standard.gb"),
    },
    {
      what: "provisioned throughput",
      unit: "MiB/s",
      price: "efs.throughput",
      quantity: (system) => system.number("provisionedThroughputInMibps"),
      when: (system) => system.text("throughputMode", "bursting") === "provisioned",
    },
    withoutFigure("elastic throughput", (system) => system.text("throughputMode", "bursting") === "elastic"),
  ],
  "aws:ecr/repository:Repository": [used("ecr.gb", "images", "GB", "imageGb")],
};
