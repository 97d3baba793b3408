import { type CostRange, isGroundplaneError, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ASSUMPTIONS } from "./assumptions.ts";
import { changeSetOf, PRICES, type TestResource, urnOf } from "./change-set.fixture.ts";
import { estimate, isMoved } from "./estimate.ts";
import { pricedTypes } from "./models.ts";

const NAT = "aws:ec2/natGateway:NatGateway";
const KEY = "aws:kms/key:Key";
const region = { region: "eu-central-1" } as const;
const exact = { ...region, assumptions: { natGatewayGb: 10, keyRequestTenThousands: 10 } } as const;
const range = (amount: number): CostRange => ({ low: amount, expected: amount, high: amount });
const nat = (name: string, more: Partial<TestResource> = {}): TestResource => ({
  type: NAT,
  name,
  inputs: {},
  ...more,
});

/** Charges of one resource, by what is paid. */
function chargesOf(
  resources: readonly TestResource[],
  name: string,
  assumptions = {},
): Record<string, number> {
  const { items } = estimate(changeSetOf(...resources), PRICES, { ...region, assumptions });
  const item = items.find((one) => one.name === name);
  return Object.fromEntries((item?.charges ?? []).map(({ what, monthlyUsd }) => [what, monthlyUsd.expected]));
}

function unknownOf(resources: readonly TestResource[], name: string): readonly string[] {
  const { items } = estimate(changeSetOf(...resources), PRICES, region);
  return items.find((one) => one.name === name)?.unknown ?? [];
}

describe("estimate", () => {
  test("sums what is added, removed, changed and stays", () => {
    const set = changeSetOf(
      nat("added"),
      nat("stays", { was: {} }),
      { type: KEY, name: "removed", was: {} },
      { type: "aws:ec2/vpc:Vpc", name: "free", inputs: {} },
    );
    const found = estimate(set, PRICES, exact);
    expect(found.before).toEqual({ ...range(74 + 2), unknown: 0 });
    expect(found.after).toEqual({ ...range(148), unknown: 0 });
    expect(found.change).toEqual({ ...range(72), unknown: 0 });
    expect(found.items.map(({ name, operation, before, after }) => [name, operation, before, after])).toEqual(
      [
        ["added", "create", undefined, range(74)],
        ["removed", "delete", range(2), undefined],
        ["stays", "same", range(74), range(74)],
      ],
    );
    expect(found.items.filter(isMoved).map(({ name }) => name)).toEqual(["added", "removed"]);
  });

  test("gives a range where usage decides, and names the assumption", () => {
    const found = estimate(changeSetOf(nat("one")), PRICES, region);
    expect(found.after).toEqual({ low: 74, expected: 83, high: 173, unknown: 0 });
    expect(found.assumptions).toEqual([{ ...ASSUMPTIONS.natGatewayGb, name: "natGatewayGb", given: false }]);
    const given = estimate(changeSetOf(nat("one")), PRICES, {
      ...region,
      assumptions: { natGatewayGb: { low: 0, expected: 1, high: 2 } },
    });
    expect(given.after).toEqual({ low: 73, expected: 73.1, high: 73.2, unknown: 0 });
    expect(given.assumptions).toMatchObject([{ name: "natGatewayGb", low: 0, high: 2, given: true }]);
  });

  test("does not know what a host of one's own costs, until its owner says it; what runs on it costs nothing more", () => {
    const hosts = changeSetOf(
      { type: "pulumi:providers:libvirt", name: "r420-provider", inputs: { uri: "qemu+ssh://r420/system" } },
      { type: "pulumi:providers:libvirt", name: "r820-provider", inputs: {}, was: {} },
      { type: "libvirt:index/domain:Domain", name: "athena-domain", inputs: { memory: 8192 } },
      { type: "groundplane-machine:index:Setup", name: "athena-users", inputs: {} },
    );
    const unsaid = estimate(hosts, PRICES);
    expect(unsaid.after).toEqual({ ...range(0), unknown: 2 });
    expect(unsaid.change.unknown).toBe(1);
    expect(unsaid.items.map(({ name, unknown }) => [name, unknown])).toEqual(
      ["r420-provider", "r820-provider"].map((name) => [
        name,
        ["host: it is your own; give its price as hypervisorUsd in cost.assumptions of the environment"],
      ]),
    );
    expect(unsaid.assumptions).toEqual([]);
    const said = estimate(hosts, PRICES, {
      assumptions: { hypervisorUsd: { low: 30, expected: 45, high: 60 } },
    });
    expect(said.after).toEqual({ low: 60, expected: 90, high: 120, unknown: 0 });
    expect(said.change).toEqual({ low: 30, expected: 45, high: 60, unknown: 0 });
    expect(said.assumptions).toMatchObject([
      { name: "hypervisorUsd", expected: 45, unit: "USD", given: true },
    ]);
  });

  test("takes the region of the resource, then of its provider, then of the stack", () => {
    const provider: TestResource = {
      type: "pulumi:providers:aws",
      name: "far",
      inputs: { region: "us-east-1" },
    };
    const through = { provider: `${urnOf(provider)}::id` };
    const set = changeSetOf(
      provider,
      nat("stack"),
      nat("provider", through),
      nat("own", { ...through, inputs: { region: "eu-central-1" } }),
    );
    const costs = estimate(set, PRICES, exact).items.map(({ name, after }) => [name, after?.expected]);
    expect(Object.fromEntries(costs)).toEqual({ stack: 74, provider: 37, own: 74 });
    const gone = changeSetOf(
      { type: provider.type, name: provider.name, was: { region: "us-east-1" } },
      { type: NAT, name: "provider", was: {}, ...through },
    );
    expect(estimate(gone, PRICES, exact).change).toEqual({ ...range(-37), unknown: 0 });
  });

  test("counts what is forgotten as something that still costs, and leaves out what is only read", () => {
    const forgotten = estimate(
      changeSetOf({ type: KEY, name: "key", was: {}, operation: "forget" }),
      PRICES,
      exact,
    );
    expect(forgotten.after.expected).toBe(2);
    expect(forgotten.change.expected).toBe(0);
    expect(estimate(changeSetOf(nat("read", { operation: "read" })), PRICES, exact).items).toEqual([]);
  });

  test("fails to price, and says so, when a type is not known, a region has no price, or nothing says the region", () => {
    const set = changeSetOf(
      { type: "aws:redshift/cluster:Cluster", name: "odd", inputs: {} },
      nat("elsewhere", { inputs: { region: "ap-south-1" } }),
    );
    const found = estimate(set, PRICES, exact);
    expect(found.after).toEqual({ ...range(0), unknown: 2 });
    expect(found.change.unknown).toBe(2);
    expect(unknownOf([nat("elsewhere", { inputs: { region: "ap-south-1" } })], "elsewhere")).toEqual([
      "hours: the price table has no nat-gateway.hour for ap-south-1",
      "data processed: the price table has no nat-gateway.gb for ap-south-1",
    ]);
    expect(estimate(changeSetOf(nat("one")), PRICES).items[0]?.unknown).toContain(
      "hours: nothing says its region",
    );
  });

  test("fails to price what is known only after the change, or secret, and keeps the rest", () => {
    const database = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:rds/instance:Instance",
      name: "db",
      inputs: { engine: "postgres", instanceClass: "db.t4g.micro", storageType: "gp3", ...inputs },
    });
    expect(unknownOf([database({ allocatedStorage: UNKNOWN_MARK })], "db")).toEqual([
      "storage: allocatedStorage is known only after the change",
    ]);
    expect(chargesOf([database({ allocatedStorage: UNKNOWN_MARK })], "db")).toEqual({
      "instance hours": 14.6,
    });
    expect(unknownOf([database({ allocatedStorage: 10, instanceClass: SECRET_MARK })], "db")).toEqual([
      "instance hours: instanceClass is a secret",
    ]);
  });

  test("says that what a resource was is not known when the change set does not tell it", () => {
    const set = changeSetOf({ type: KEY, name: "key", was: {} });
    const { was: _was, ...change } = set.changes[0] ?? { was: undefined };
    const found = estimate({ ...set, changes: [change] as typeof set.changes }, PRICES, exact);
    expect(found.before).toEqual({ ...range(0), unknown: 1 });
    expect(found.change.unknown).toBe(1);
  });

  test("does not price a component, which is paid for by what it is made of", () => {
    const component = { type: "groundplane:aws:Vpc", name: "vpc", custom: false };
    const come = estimate(changeSetOf({ ...component, inputs: {} }), PRICES, exact);
    const gone = estimate(changeSetOf({ ...component, was: {} }), PRICES, exact);
    expect([come.items, gone.items]).toEqual([[], []]);
  });

  test("fails when an assumption is none, or no range", () => {
    for (const assumptions of [
      { natGatewayGib: 1 },
      { natGatewayGb: -1 },
      { natGatewayGb: { low: 2, expected: 1, high: 3 } },
    ]) {
      const problem = (() => {
        try {
          estimate(changeSetOf(nat("one")), PRICES, { assumptions });
        } catch (error) {
          return error;
        }
      })();
      expect(isGroundplaneError(problem) && problem.code).toBe("INVALID_ARGUMENT");
    }
  });
});

describe("the models", () => {
  const task = (inputs: TestResource["inputs"] = {}, more: Partial<TestResource> = {}): TestResource => ({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "task",
    inputs: { family: "web", cpu: "512", memory: "1024", ...inputs },
    ...more,
  });
  const service = (inputs: TestResource["inputs"] = {}): TestResource => ({
    type: "aws:ecs/service:Service",
    name: "web",
    inputs: { launchType: "FARGATE", desiredCount: 2, taskDefinition: UNKNOWN_MARK, ...inputs },
  });

  test("a Fargate service: its tasks' size times its desired count", () => {
    expect(chargesOf([task(), service()], "web")).toEqual({ vCPU: 29.2, "memory GB": 5.84 });
    const arm = task({ runtimePlatform: { cpuArchitecture: "ARM64" } });
    expect(chargesOf([arm, service()], "web")).toEqual({ vCPU: 21.9, "memory GB": 4.38 });
  });

  test("a Fargate service goes with the task definition that is named, or stands beside it", () => {
    const other = task(
      { family: "job", cpu: "1024" },
      { name: "other", parent: "urn:pulumi:dev::shop::x::y" },
    );
    const arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/job:7";
    expect(chargesOf([task(), other, service({ taskDefinition: arn })], "web")["vCPU"]).toBe(58.4);
    expect(chargesOf([task(), other, service()], "web")["vCPU"]).toBe(29.2);
    expect(unknownOf([task(), task({}, { name: "second" }), service()], "web")).toContain(
      "vCPU: which TaskDefinition it goes with is known only after the change",
    );
  });

  test("a Fargate service that scales is a range", () => {
    const scaling: TestResource = {
      type: "aws:appautoscaling/target:Target",
      name: "scaling",
      inputs: { minCapacity: 1, maxCapacity: 4 },
    };
    const { items } = estimate(changeSetOf(task(), service(), scaling), PRICES, region);
    expect(items[0]?.charges[0]?.monthlyUsd).toEqual({ low: 14.6, expected: 29.2, high: 58.4 });
  });

  test.each([
    [{ launchType: "EC2" }, "vCPU: launch type EC2 is paid for by its instances"],
    [
      { launchType: null, capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }] },
      "vCPU: capacity providers FARGATE_SPOT have no list price",
    ],
    [{ launchType: null }, "vCPU: launchType is not set"],
  ])("fails to price a service that is not known to be on Fargate: %j", (inputs, why) => {
    expect(unknownOf([task(), service(inputs)], "web")).toContain(why);
  });

  test("a database in two zones has everything twice, and storage that may grow is a range", () => {
    const { items } = estimate(
      changeSetOf({
        type: "aws:rds/instance:Instance",
        name: "db",
        inputs: {
          ...{ engine: "postgres", instanceClass: "db.t4g.micro", multiAz: true },
          ...{ storageType: "gp3", allocatedStorage: 20, maxAllocatedStorage: 100 },
        },
      }),
      PRICES,
      region,
    );
    expect(items[0]?.after).toEqual({ low: 33.2, expected: 33.2, high: 49.2 });
  });

  test("a serverless Aurora instance costs what its cluster lets it scale to", () => {
    const cluster: TestResource = {
      type: "aws:rds/cluster:Cluster",
      name: "cluster",
      inputs: {
        engine: "aurora-postgresql",
        serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4.5 },
      },
    };
    const instance: TestResource = {
      type: "aws:rds/clusterInstance:ClusterInstance",
      name: "instance",
      inputs: {
        engine: "aurora-postgresql",
        instanceClass: "db.serverless",
        clusterIdentifier: UNKNOWN_MARK,
      },
    };
    const { items } = estimate(changeSetOf(cluster, instance), PRICES, region);
    const found = items.find(({ name }) => name === "instance");
    expect(found?.after).toEqual({ low: 36.5, expected: 182.5, high: 328.5 });
  });

  test("an Auto Scaling group is a range from its least to its most members", () => {
    const template: TestResource = {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      name: "template",
      inputs: { instanceType: "t3.micro" },
    };
    const group: TestResource = {
      type: "aws:autoscaling/group:Group",
      name: "group",
      inputs: { minSize: 1, maxSize: 3, desiredCapacity: 2, launchTemplate: { id: UNKNOWN_MARK } },
    };
    const { items } = estimate(changeSetOf(template, group), PRICES, {
      ...region,
      assumptions: { rootVolumeGb: 10 },
    });
    expect(items[0]?.after).toEqual({ low: 8.3, expected: 16.6, high: 24.9 });
    const spot = { ...template, inputs: { instanceType: "t3.micro", instanceMarketOptions: {} } };
    expect(unknownOf([spot, group], "group")).toEqual([
      "instances, Linux on demand: spot instances have no list price",
    ]);
  });

  test("a table pays for capacity, or for what is read and written", () => {
    const table = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:dynamodb/table:Table",
      name: "table",
      inputs: inputs ?? {},
    });
    const provisioned = table({
      readCapacity: 5,
      writeCapacity: 5,
      globalSecondaryIndexes: [{ readCapacity: 5, writeCapacity: 0 }],
    });
    expect(chargesOf([provisioned], "table", { tableStorageGb: 10 })).toEqual({
      "read capacity": 7.3,
      "write capacity": 7.3,
      storage: 3,
    });
    expect(unknownOf([table({ billingMode: "PAY_PER_REQUEST", replicas: [{}] })], "table")).toEqual([
      "reads: the price table has no dynamodb.read.million for eu-central-1",
      "writes: the price table has no dynamodb.write.million for eu-central-1",
      "replicas in other regions: this version has no figures for it",
    ]);
  });

  test("an endpoint costs in each of its subnets, a gateway endpoint nothing", () => {
    const endpoint = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      name: "endpoint",
      inputs: inputs ?? {},
    });
    const interfaces = endpoint({ vpcEndpointType: "Interface", subnetIds: [UNKNOWN_MARK, UNKNOWN_MARK] });
    expect(
      chargesOf([interfaces], "endpoint", { interfaceEndpointGb: 0 })["hours, one for each subnet"],
    ).toBe(14.6);
    expect(estimate(changeSetOf(endpoint({})), PRICES, region).items).toEqual([]);
  });

  test("a flow log into CloudWatch Logs is paid for as its log group's ingestion, and not twice", () => {
    const log = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:ec2/flowLog:FlowLog",
      name: "log",
      inputs: inputs ?? {},
    });
    expect(estimate(changeSetOf(log({ logDestination: UNKNOWN_MARK })), PRICES, region).items).toEqual([]);
    expect(unknownOf([log({ logDestinationType: "s3" })], "log")).toHaveLength(1);
  });

  test.each([
    ["rate(5 minutes)", 8.76, []],
    ["rate(1 hour)", 0.73, []],
    ["cron(0 10 * * ? *)", undefined, ["runs: its schedule is no rate"]],
    ["rate(0 minute)", undefined, ["runs: its schedule is no rate"]],
  ])("a canary pays for each run: %s", (expression, cost, unknown) => {
    const canary: TestResource = {
      type: "aws:synthetics/canary:Canary",
      name: "canary",
      inputs: { region: "us-east-1", schedule: { expression } },
    };
    expect(chargesOf([canary], "canary")["runs"]).toEqual(cost);
    expect(unknownOf([canary], "canary")).toEqual(unknown);
  });

  test.each([
    ["sqs", "free"],
    ["lambda", "free"],
    ["email", "unknown"],
    ["sms", "unknown"],
  ])("a subscription to %s is %s without a price for it", (protocol, expected) => {
    const inputs = { protocol };
    const unknown = unknownOf(
      [{ type: "aws:sns/topicSubscription:TopicSubscription", name: "one", inputs }],
      "one",
    );
    expect(unknown.length > 0 ? "unknown" : "free").toBe(expected);
  });

  test("a public load balancer pays for its addresses, an internal one does not", () => {
    const balancer = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:lb/loadBalancer:LoadBalancer",
      name: "lb",
      inputs: { subnets: ["a", "b"], ...inputs },
    });
    const assumptions = { loadBalancerUnits: 0 };
    expect(chargesOf([balancer({})], "lb", assumptions)).toMatchObject({
      hours: 14.6,
      "public IPv4 addresses, one a zone": 14.6,
    });
    expect(Object.keys(chargesOf([balancer({ internal: true })], "lb", assumptions))).toEqual([
      "hours",
      "capacity units",
    ]);
  });

  test("a cache has the nodes of its shards and replicas", () => {
    const group = (inputs: TestResource["inputs"]): TestResource => ({
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      name: "cache",
      inputs: { nodeType: "cache.t4g.micro", ...inputs },
    });
    expect(chargesOf([group({ numCacheClusters: 2 })], "cache")).toEqual({ "node hours": 29.2 });
    expect(chargesOf([group({ numNodeGroups: 2, replicasPerNodeGroup: 1 })], "cache")).toEqual({
      "node hours": 58.4,
    });
    expect(unknownOf([group({ engine: "valkey" })], "cache")).toHaveLength(1);
  });

  test.each(pricedTypes())("%s throws nothing, whatever is unknown", (type) => {
    const { items, after } = estimate(changeSetOf({ type, name: "one", inputs: {} }), PRICES, region);
    for (const { low, expected, high } of items.flatMap(({ charges }) =>
      charges.map((one) => one.monthlyUsd),
    ))
      expect(low <= expected && expected <= high).toBe(true);
    expect(after.expected).toBeGreaterThanOrEqual(0);
  });
});

describe("any change", () => {
  const inputs = fc.oneof(
    fc.constant({}),
    fc.record({ region: fc.constantFrom("eu-central-1", "us-east-1", "ap-south-1") }),
  );
  const resource = fc.record(
    {
      type: fc.constantFrom(NAT, KEY, "aws:ec2/eip:Eip", "aws:ec2/vpc:Vpc", "aws:odd/thing:Thing"),
      inputs,
      was: inputs,
    },
    { requiredKeys: ["type"] },
  );
  const resources = fc
    .array(resource, { maxLength: 12 })
    .map((found) =>
      found
        .filter((one) => one.inputs !== undefined || one.was !== undefined)
        .map((one, index): TestResource => ({ ...one, name: `r${index}` })),
    );
  const figures = ["low", "expected", "high"] as const;

  test("sums add up, and what is unknown is never zero in silence", () => {
    fc.assert(
      fc.property(resources, (all) => {
        const found = estimate(changeSetOf(...all), PRICES, region);
        for (const figure of figures) {
          const sumOf = (side: "before" | "after") =>
            found.items.reduce((total, item) => total + (item[side]?.[figure] ?? 0), 0);
          expect(found.before[figure]).toBeCloseTo(sumOf("before"), 4);
          expect(found.after[figure]).toBeCloseTo(sumOf("after"), 4);
          expect(found.change[figure]).toBeCloseTo(found.after[figure] - found.before[figure], 4);
        }
        const odd = all.filter(({ type, inputs }) => type === "aws:odd/thing:Thing" && inputs !== undefined);
        expect(found.after.unknown).toBeGreaterThanOrEqual(odd.length);
      }),
    );
  });

  test("making all and removing all cancel out", () => {
    fc.assert(
      fc.property(resources, (all) => {
        const made = all.map(
          ({ was, inputs, ...rest }): TestResource => ({ ...rest, inputs: inputs ?? was ?? {} }),
        );
        const removed = made.map(({ inputs, ...rest }): TestResource => ({ ...rest, was: inputs ?? {} }));
        const come = estimate(changeSetOf(...made), PRICES, region);
        const gone = estimate(changeSetOf(...removed), PRICES, region);
        for (const figure of figures) expect(gone.change[figure]).toBeCloseTo(-come.change[figure], 6);
        expect(gone.after).toEqual({ ...range(0), unknown: 0 });
        expect(gone.change.unknown).toBe(come.change.unknown);
      }),
    );
  });

  test("the order of the resources changes nothing", () => {
    fc.assert(
      fc.property(resources, (all) => {
        const set = changeSetOf(...all);
        const turned = { ...set, planned: set.planned.toReversed(), changes: set.changes.toReversed() };
        expect(estimate(turned, PRICES, region)).toEqual(estimate(set, PRICES, region));
      }),
    );
  });
});
