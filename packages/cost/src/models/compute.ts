import type { CostRange } from "@groundplane/contracts";
import { type Charge, type CostModel, HOURS, hourly, type Surroundings, used } from "../cost-model.ts";
import { exactly, times } from "../cost-range.ts";
import { NotPriceable, type PricedResource } from "../priced-resource.ts";
import { PUBLIC_IPV4 } from "./network.ts";

function linuxOnDemand(instance: PricedResource): string {
  if (instance.has("instanceMarketOptions")) throw new NotPriceable("spot instances have no list price");
  const tenancy = instance.knownText("tenancy") ?? instance.knownText("placement.tenancy") ?? "default";
  if (tenancy !== "default") throw new NotPriceable(`this version has no figures for tenancy ${tenancy}`);
  return `ec2.${instance.text("instanceType")}.hour`;
}

/** Included in the price of a gp3 volume (AWS, EBS volume types). */
const GP3_INCLUDED = { iops: 3000, throughput: 125 } as const;

const typeOf = (volume: PricedResource, path: string, fallback: string): string =>
  volume.text(path, fallback);

/** The charges of a volume whose settings stand under the paths given. */
function volumeCharges(
  type: (volume: PricedResource) => string,
  prefix = "",
  what = "volume",
): readonly Charge[] {
  const iops = (volume: PricedResource, fallback?: number): number =>
    volume.number(`${prefix}iops`, fallback);
  return [
    {
      what: `${what}, IOPS`,
      unit: "IOPS",
      price: (volume) => `ebs.${type(volume)}.iops`,
      quantity: (volume) => iops(volume),
      when: (volume) => type(volume).startsWith("io"),
    },
    {
      what: `${what}, IOPS above ${GP3_INCLUDED.iops}`,
      unit: "IOPS",
      price: "ebs.gp3.iops",
      quantity: (volume) => iops(volume, 0) - GP3_INCLUDED.iops,
      when: (volume) => type(volume) === "gp3" && iops(volume, 0) > GP3_INCLUDED.iops,
    },
    {
      what: `${what}, throughput above ${GP3_INCLUDED.throughput} MiB/s`,
      unit: "MiB/s",
      price: "ebs.gp3.throughput",
      quantity: (volume) => volume.number(`${prefix}throughput`, 0) - GP3_INCLUDED.throughput,
      when: (volume) =>
        type(volume) === "gp3" && volume.number(`${prefix}throughput`, 0) > GP3_INCLUDED.throughput,
    },
  ];
}

const rootType = (instance: PricedResource): string => typeOf(instance, "rootBlockDevice.volumeType", "gp2");
const volumeType = (volume: PricedResource): string => typeOf(volume, "type", "gp2");

/** Least, usual and most members of a group that scales. */
function members(
  group: PricedResource,
  paths: { readonly min: string; readonly usual: string; readonly max: string },
): CostRange {
  const low = group.number(paths.min);
  return { low, expected: group.number(paths.usual, low), high: group.number(paths.max) };
}

function templateOf(group: PricedResource, { companion }: Surroundings): PricedResource {
  if (group.has("mixedInstancesPolicy")) throw new NotPriceable("a mix of instance types has no one price");
  const type = "aws:ec2/launchTemplate:LaunchTemplate";
  return companion(group, type, group.knownText("launchTemplate.name"));
}

const FARGATE = /^FARGATE$/;

/** Tasks of a service: as many as it wants, within what its one scaling target allows. */
function tasks(service: PricedResource, { neighbours }: Surroundings): CostRange {
  const wanted = service.number("desiredCount", 1);
  const [target, ...others] = neighbours(service, "aws:appautoscaling/target:Target");
  if (target === undefined || others.length > 0) return exactly(wanted);
  const low = target.number("minCapacity");
  const high = target.number("maxCapacity");
  return { low, expected: Math.min(Math.max(wanted, low), high), high };
}

function requireFargate(service: PricedResource): void {
  const providers = service.parts("capacityProviderStrategies").map((one) => one.text("capacityProvider"));
  if (providers.length > 0 && providers.every((name) => FARGATE.test(name))) return;
  if (providers.length > 0)
    throw new NotPriceable(`capacity providers ${providers.join(", ")} have no list price`);
  const launchType = service.text("launchType");
  if (!FARGATE.test(launchType))
    throw new NotPriceable(`launch type ${launchType} is paid for by its instances`);
}

function taskOf(service: PricedResource, { companion }: Surroundings): PricedResource {
  requireFargate(service);
  const arn = service.knownText("taskDefinition");
  const family = arn?.slice(arn.lastIndexOf("/") + 1).replace(/:\d+$/, "");
  return companion(service, "aws:ecs/taskDefinition:TaskDefinition", family);
}

const ECS_UNITS = 1024;

const fargate = (what: "vCPU" | "memory GB", size: (task: PricedResource) => number): Charge => ({
  what,
  unit: what === "vCPU" ? "vCPU-hour" : "GB-hour",
  price: (service, surroundings) => {
    const task = taskOf(service, surroundings);
    const system = task.text("runtimePlatform.operatingSystemFamily", "LINUX");
    if (system !== "LINUX") throw new NotPriceable(`this version has no figures for Fargate on ${system}`);
    const chip = task.text("runtimePlatform.cpuArchitecture", "X86_64") === "ARM64" ? "arm" : "x86";
    return `fargate.${chip}.${what === "vCPU" ? "vcpu" : "gb"}.hour`;
  },
  quantity: (service, surroundings) =>
    times(tasks(service, surroundings), exactly(size(taskOf(service, surroundings)) * HOURS)),
});

export const COMPUTE_MODELS: Readonly<Record<string, CostModel>> = {
  "aws:ec2/instance:Instance": [
    hourly(linuxOnDemand, "hours, Linux on demand"),
    {
      what: "root volume",
      unit: "GB",
      price: (instance) => `ebs.${rootType(instance)}.gb`,
      quantity: (instance, { assume }) =>
        instance.has("rootBlockDevice.volumeSize")
          ? instance.number("rootBlockDevice.volumeSize")
          : assume("rootVolumeGb"),
    },
    ...volumeCharges(rootType, "rootBlockDevice.", "root volume"),
    {
      what: "further volumes, gp3",
      unit: "GB",
      price: "ebs.gp3.gb",
      quantity: (instance) =>
        instance.parts("ebsBlockDevices").reduce((total, device) => {
          const type = typeOf(device, "volumeType", "gp2");
          if (type === "gp3") return total + device.number("volumeSize");
          throw new NotPriceable(`this version has no figures for ${type} volumes inside an instance`);
        }, 0),
      when: (instance) => instance.list("ebsBlockDevices").length > 0,
    },
    {
      what: "public IPv4 address",
      unit: "hour",
      price: PUBLIC_IPV4,
      quantity: HOURS,
      when: (instance) => instance.flag("associatePublicIpAddress"),
    },
  ],
  "aws:autoscaling/group:Group": [
    {
      what: "instances, Linux on demand",
      unit: "hour",
      price: (group, surroundings) => linuxOnDemand(templateOf(group, surroundings)),
      quantity: (group) =>
        times(members(group, { min: "minSize", usual: "desiredCapacity", max: "maxSize" }), exactly(HOURS)),
    },
    {
      what: "root volumes",
      unit: "GB",
      price: "ebs.gp3.gb",
      quantity: (group, { assume }) =>
        times(
          members(group, { min: "minSize", usual: "desiredCapacity", max: "maxSize" }),
          assume("rootVolumeGb"),
        ),
    },
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    {
      what: "nodes, Linux on demand",
      unit: "hour",
      price: (group) => {
        if (group.text("capacityType", "ON_DEMAND") !== "ON_DEMAND")
          throw new NotPriceable("spot instances have no list price");
        const [type, ...others] = group.list("instanceTypes");
        if (others.length === 0 && typeof type === "string") return `ec2.${type}.hour`;
        throw new NotPriceable("instanceTypes does not name one type");
      },
      quantity: (group) =>
        times(
          members(group, {
            min: "scalingConfig.minSize",
            usual: "scalingConfig.desiredSize",
            max: "scalingConfig.maxSize",
          }),
          exactly(HOURS),
        ),
    },
  ],
  "aws:eks/cluster:Cluster": [hourly("eks-cluster.hour")],
  "aws:ebs/volume:Volume": [
    {
      what: "volume",
      unit: "GB",
      price: (volume) => `ebs.${volumeType(volume)}.gb`,
      quantity: (volume) => volume.number("size"),
    },
    ...volumeCharges(volumeType),
  ],
  "aws:ecs/service:Service": [
    fargate("vCPU", (task) => task.number("cpu") / ECS_UNITS),
    fargate("memory GB", (task) => task.number("memory") / ECS_UNITS),
    {
      what: "ephemeral storage above 20 GB",
      unit: "GB-hour",
      price: "fargate.storage.gb.hour",
      quantity: (service, surroundings) => {
        const size = taskOf(service, surroundings).number("ephemeralStorage.sizeInGib");
        return times(tasks(service, surroundings), exactly((size - 20) * HOURS));
      },
      when: (service, surroundings) =>
        taskOf(service, surroundings).number("ephemeralStorage.sizeInGib", 0) > 20,
    },
  ],
  "aws:lambda/function:Function": [
    used("lambda.request.million", "requests", "million requests", "functionRequestMillions"),
    {
      what: "duration",
      unit: "GB-second",
      price: (lambda) =>
        architectureOf(lambda) === "arm64" ? "lambda.arm.gb-second" : "lambda.x86.gb-second",
      quantity: (lambda, { assume }) => {
        const calls = times(assume("functionRequestMillions"), exactly(1e6));
        return times(
          times(calls, assume("functionSeconds")),
          exactly(lambda.number("memorySize", 128) / 1024),
        );
      },
    },
  ],
};

function architectureOf(lambda: PricedResource): string {
  const [architecture] = lambda.list("architectures");
  return typeof architecture === "string" ? architecture : "x86_64";
}
