import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { InputProperty, ResourceShape } from "../src/catalog/shape.ts";

/** SDK modules whose name is not that of the CloudFormation service. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  acm: ["CertificateManager"],
  alb: ["ElasticLoadBalancingV2"],
  lb: ["ElasticLoadBalancingV2"],
  elb: ["ElasticLoadBalancing"],
  appautoscaling: ["ApplicationAutoScaling"],
  cfg: ["Config"],
  cloudwatch: ["CloudWatch", "Logs", "Events"],
  directoryservice: ["DirectoryService"],
  ec2clientvpn: ["EC2"],
  ec2transitgateway: ["EC2"],
  vpc: ["EC2"],
  ebs: ["EC2"],
  kinesis: ["Kinesis", "KinesisFirehose"],
  mq: ["AmazonMQ"],
  sfn: ["StepFunctions"],
  opensearch: ["OpenSearchService"],
};

/** SDK resources whose name is not that of the CloudFormation type. */
const TYPES: Readonly<Record<string, string>> = {
  "aws:ec2/eip:Eip": "AWS::EC2::EIP",
  "aws:ec2/flowLog:FlowLog": "AWS::EC2::FlowLog",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "AWS::EC2::SubnetRouteTableAssociation",
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": "AWS::EC2::VPCCidrBlock",
  "aws:ec2/networkAclRule:NetworkAclRule": "AWS::EC2::NetworkAclEntry",
  "aws:rds/instance:Instance": "AWS::RDS::DBInstance",
  "aws:rds/cluster:Cluster": "AWS::RDS::DBCluster",
  "aws:rds/subnetGroup:SubnetGroup": "AWS::RDS::DBSubnetGroup",
  "aws:rds/parameterGroup:ParameterGroup": "AWS::RDS::DBParameterGroup",
  "aws:secretsmanager/secret:Secret": "AWS::SecretsManager::Secret",
  "aws:efs/fileSystem:FileSystem": "AWS::EFS::FileSystem",
};

interface SpecEntry {
  readonly cloudFormationType: string;
  readonly arnTemplate?: string;
  readonly properties: ReadonlyMap<string, boolean>;
}

/** Adds to each resource what CloudFormation's specification knows: which properties replace it, and its ARN's form. */
export function specOverlay(): (token: string, resource: ResourceShape) => ResourceShape {
  const entries = readSpec();
  return (token, resource) => {
    const entry = find(entries, token);
    if (entry === undefined) return resource;
    const inputs: Record<string, InputProperty> = {};
    for (const [name, property] of Object.entries(resource.inputs)) {
      const replaces = spellings(name, entry.cloudFormationType)
        .map((spelling) => entry.properties.get(spelling))
        .find((known) => known !== undefined);
      inputs[name] = replaces === true && property.x === undefined ? { ...property, x: "cfn" } : property;
    }
    return {
      ...resource,
      inputs,
      cfn: entry.cloudFormationType,
      ...(entry.arnTemplate === undefined ? {} : { arn: entry.arnTemplate }),
    };
  };
}

/** `name` of a log group is `LogGroupName` there, `description` of a security group `GroupDescription`. */
function spellings(property: string, cloudFormationType: string): readonly string[] {
  const type = cloudFormationType.slice(cloudFormationType.lastIndexOf(":") + 1);
  const lastWord = /[A-Z][a-z]*$/.exec(type)?.[0] ?? type;
  return [property, `${property}s`, type + property, lastWord + property].map((spelling) =>
    spelling.toLowerCase(),
  );
}

function readSpec(): Map<string, SpecEntry> {
  const entries = new Map<string, SpecEntry>();
  for (const resource of loadAwsServiceSpecSync().all("resource")) {
    const properties = new Map<string, boolean>();
    for (const [name, property] of Object.entries(resource.properties))
      properties.set(name.toLowerCase(), property.causesReplacement === "yes");
    entries.set(resource.cloudFormationType.toLowerCase(), {
      cloudFormationType: resource.cloudFormationType,
      ...(resource.arnTemplate === undefined ? {} : { arnTemplate: resource.arnTemplate }),
      properties,
    });
  }
  return entries;
}

function find(entries: Map<string, SpecEntry>, token: string): SpecEntry | undefined {
  const named = TYPES[token];
  if (named !== undefined) return entries.get(named.toLowerCase());
  const [, module = "", name = ""] = /^aws:([^/]+)\/[^:]+:(.+)$/.exec(token) ?? [];
  for (const service of SERVICES[module] ?? [module]) {
    const entry = entries.get(`aws::${service}::${name}`.toLowerCase());
    if (entry !== undefined) return entry;
  }
  return undefined;
}
