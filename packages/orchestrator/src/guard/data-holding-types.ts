import type { JsonValue } from "@groundplane/contracts";

/**
 * Resource types that hold data, by what they hold. Deleting or replacing one loses it, or makes it unreadable
 * (keys). Kept as data, so that a type is one line: Pulumi tokens of `@pulumi/aws` 7, `@pulumi/kubernetes` 4,
 * libvirt 0.5 and `@pulumi/docker` 5.
 */
const DATA_HOLDING_TYPES: Readonly<Record<string, readonly string[]>> = {
  "objects in a bucket": [
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/directoryBucket:DirectoryBucket",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3tables/tableBucket:TableBucket",
    "aws:s3tables/table:Table",
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
    "aws:s3control/bucket:Bucket",
    "aws:lightsail/bucket:Bucket",
    "aws:glacier/vault:Vault",
  ],
  "a database": [
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:docdb/cluster:Cluster",
    "aws:docdb/elasticCluster:ElasticCluster",
    "aws:docdb/globalCluster:GlobalCluster",
    "aws:neptune/cluster:Cluster",
    "aws:neptune/globalCluster:GlobalCluster",
    "aws:neptunegraph/graph:Graph",
    "aws:redshift/cluster:Cluster",
    "aws:redshiftserverless/namespace:Namespace",
    "aws:dsql/cluster:Cluster",
    "aws:qldb/ledger:Ledger",
    "aws:lightsail/database:Database",
    "aws:opensearch/domain:Domain",
    "aws:elasticsearch/domain:Domain",
    "aws:opensearch/serverlessCollection:ServerlessCollection",
    "aws:timestreamwrite/database:Database",
    "aws:timestreaminfluxdb/dbCluster:DbCluster",
    "aws:timestreaminfluxdb/dbInstance:DbInstance",
    "aws:keyspaces/keyspace:Keyspace",
    "aws:memorydb/cluster:Cluster",
    "aws:memorydb/multiRegionCluster:MultiRegionCluster",
    "aws:elasticache/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    "aws:elasticache/serverlessCache:ServerlessCache",
  ],
  "a table": [
    "aws:dynamodb/table:Table",
    "aws:dynamodb/globalTable:GlobalTable",
    "aws:keyspaces/table:Table",
    "aws:timestreamwrite/table:Table",
  ],
  "a snapshot or backup": [
    "aws:rds/snapshot:Snapshot",
    "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    "aws:docdb/clusterSnapshot:ClusterSnapshot",
    "aws:neptune/clusterSnapshot:ClusterSnapshot",
    "aws:redshift/clusterSnapshot:ClusterSnapshot",
    "aws:redshiftserverless/snapshot:Snapshot",
    "aws:memorydb/snapshot:Snapshot",
    "aws:ebs/snapshot:Snapshot",
    "aws:ebs/snapshotCopy:SnapshotCopy",
    "aws:ebs/snapshotImport:SnapshotImport",
    "aws:backup/vault:Vault",
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
    "aws:ec2/ami:Ami",
    "aws:ec2/amiCopy:AmiCopy",
    "aws:ec2/amiFromInstance:AmiFromInstance",
  ],
  "a volume or disk": [
    "aws:ebs/volume:Volume",
    "aws:ebs/volumeCopy:VolumeCopy",
    "aws:lightsail/disk:Disk",
    "kubernetes:core/v1:PersistentVolume",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "libvirt:index/volume:Volume",
    "libvirt:index/pool:Pool",
    "docker:index/volume:Volume",
  ],
  "a file system": [
    "aws:efs/fileSystem:FileSystem",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:fsx/ontapStorageVirtualMachine:OntapStorageVirtualMachine",
    "aws:fsx/ontapVolume:OntapVolume",
    "aws:fsx/openZfsVolume:OpenZfsVolume",
    "aws:fsx/openZfsSnapshot:OpenZfsSnapshot",
    "aws:fsx/ontapFileSystem:OntapFileSystem",
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem",
    "aws:fsx/windowsFileSystem:WindowsFileSystem",
  ],
  "secret values": [
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:ssm/parameter:Parameter",
    "kubernetes:core/v1:Secret",
    "docker:index/secret:Secret",
  ],
  "a key, and with it all that it encrypts": [
    "aws:kms/key:Key",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:cloudhsmv2/cluster:Cluster",
  ],
  "logs or streamed records": [
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/logStream:LogStream",
    "aws:cloudtrail/eventDataStore:EventDataStore",
    "aws:kinesis/stream:Stream",
    "aws:kinesis/videoStream:VideoStream",
    "aws:msk/cluster:Cluster",
    "aws:msk/serverlessCluster:ServerlessCluster",
    "aws:msk/topic:Topic",
    "aws:mq/broker:Broker",
    "aws:sqs/queue:Queue",
    "aws:amp/workspace:Workspace",
  ],
  "container images": ["aws:ecr/repository:Repository", "aws:ecrpublic/repository:Repository"],
  "source code or packages": [
    "aws:codecommit/repository:Repository",
    "aws:codeartifact/domain:Domain",
    "aws:codeartifact/repository:Repository",
  ],
  users: ["aws:cognito/userPool:UserPool"],
  "everything in a namespace": ["kubernetes:core/v1:Namespace"],
  "the records of a zone": ["aws:route53/zone:Zone"],
};

const LOSS_BY_TYPE: ReadonlyMap<string, string> = new Map(
  Object.entries(DATA_HOLDING_TYPES).flatMap(([loss, types]) => types.map((type) => [type, loss] as const)),
);

type Inputs = Readonly<Record<string, JsonValue>>;

/**
 * Resources of a type that holds data, and that hold none themselves, by the inputs they were made from. What is not
 * certain holds data.
 */
const HOLDS_NONE: Readonly<Record<string, (inputs: Inputs) => boolean>> = {
  // A base volume: its name is the hash of its content, so that whoever has the image has it again. A clone of it, or an
  // empty disk of some size, is written to.
  "libvirt:index/volume:Volume": ({ name, ...given }) =>
    typeof name === "string" &&
    SHA_256.test(name) &&
    ["baseVolumeId", "baseVolumeName", "size"].every((written) => (given[written] ?? null) === null),
};

/** Resources of a type that holds none, and that take data with them, by the inputs they were made from. */
const TAKES_DATA: Readonly<Record<string, (inputs: Inputs) => string | undefined>> = {
  // Its `reset` says so by this trigger: packages/docker, `dataGoesWithIt`.
  "groundplane-machine:index:Setup": ({ triggers = null }) => {
    const holds = typeof triggers === "object" ? triggers !== null && "deletes-data" in triggers : true;
    return holds ? "the data on the machine that its reset deletes" : undefined;
  },
};

const SHA_256 = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/;

/**
 * What is lost with a resource; undefined when it holds no data.
 *
 * @param inputs that it was made from. Left out: by its type alone.
 */
export function lossOf(type: string, inputs?: Inputs): string | undefined {
  if (inputs !== undefined && Object.hasOwn(HOLDS_NONE, type) && HOLDS_NONE[type]?.(inputs) === true)
    return undefined;
  if (inputs !== undefined && Object.hasOwn(TAKES_DATA, type)) return TAKES_DATA[type]?.(inputs);
  return LOSS_BY_TYPE.get(type);
}

/** Every type that holds data, for documentation and tests. */
export function dataHoldingTypes(): readonly string[] {
  return [...LOSS_BY_TYPE.keys()];
}
