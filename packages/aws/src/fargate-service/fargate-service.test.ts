import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { FargateService } from "./fargate-service.ts";
import type { FargateServiceArgs } from "./fargate-service-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";
const required: FargateServiceArgs = {
  vpc: {
    vpcId: "vpc-1",
    cidrBlock: "10.0.0.0/16",
    publicSubnetIds: ["subnet-p"],
    privateSubnetIds: ["subnet-a", "subnet-b"],
    isolatedSubnetIds: [],
  },
  image: "ghcr.io/acme/orders:1.4.2",
  port: 8080,
  loadBalancer: { certificateArn },
  tags,
};

async function create(args: Partial<FargateServiceArgs> = {}) {
  const recording = await record(
    (options) => new FargateService("orders", { ...required, ...args }, options),
    ({ name }) => ({ arn: `arn:${name}`, arnSuffix: `suffix/${name}`, name }),
  );
  const inputs = (role: string) =>
    recording.resources.find(({ name }) => name === `orders-${role}`)?.inputs ?? {};
  const statements = (role: string, property = "policy") =>
    JSON.parse(String(inputs(role)[property])).Statement;
  const container = () => JSON.parse(String(inputs("task")["containerDefinitions"]))[0];
  const options = (role: string) =>
    recording.children.find(({ name }) => name === `orders-${role}`)?.options ?? {};
  return { ...recording, inputs, statements, container, options };
}

describe("FargateService", () => {
  test("runs in private subnets, rolls back by itself, and leaves the number of tasks to scaling", async () => {
    const { inputs, options } = await create();
    expect(inputs("service")).toEqual({
      cluster: "arn:orders-cluster",
      taskDefinition: "arn:orders-task",
      desiredCount: 3,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      forceNewDeployment: true,
      networkConfiguration: {
        subnets: ["subnet-a", "subnet-b"],
        securityGroups: ["orders-security-group-id"],
        assignPublicIp: false,
      },
      deploymentConfiguration: { strategy: "ROLLING" },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      alarms: {
        alarmNames: ["orders-errors-alarm", "orders-unavailable-alarm", "orders-latency-alarm"],
        enable: true,
        rollback: true,
      },
      healthCheckGracePeriodSeconds: 60,
      loadBalancers: [{ containerName: "main", containerPort: 8080, targetGroupArn: "arn:orders-blue" }],
      waitForSteadyState: true,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: { ...tags, Name: "orders-service" },
    });
    expect(options("service")).toMatchObject({
      ignoreChanges: ["desiredCount"],
      customTimeouts: { create: "30m", update: "30m" },
    });
    expect(inputs("scaling")).toMatchObject({
      resourceId: "service/orders-cluster/orders-service",
      minCapacity: 3,
      maxCapacity: 12,
    });
  });

  test("runs on Graviton as nobody, on a file system that it cannot change", async () => {
    const { inputs, container } = await create({ temporaryPaths: ["/var/run", "/tmp"], openFiles: 4096 });
    expect(inputs("task")).toMatchObject({
      family: "orders-prod",
      cpu: "1024",
      memory: "2048",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
      skipDestroy: true,
      volumes: [{ name: "tmp" }, { name: "var-run" }],
    });
    expect(container()).toMatchObject({
      image: "ghcr.io/acme/orders:1.4.2",
      user: "1000:1000",
      readonlyRootFilesystem: true,
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
      ulimits: [{ name: "nofile", softLimit: 4096, hardLimit: 4096 }],
      mountPoints: [
        { sourceVolume: "tmp", containerPath: "/tmp", readOnly: false },
        { sourceVolume: "var-run", containerPath: "/var/run", readOnly: false },
      ],
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
    });
  });

  test("lets ECS pull one image, read the named secrets and write its logs, and the program nothing", async () => {
    const { inputs, statements, container } = await create({
      image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/orders@sha256:${"0a".repeat(32)}`,
      secrets: {
        PASSWORD: { secretArn, key: "password", kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" },
        TOKEN: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/token",
      },
    });
    expect(statements("execution-policy")).toEqual([
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: ["arn:aws:ecr:eu-central-1:123456789012:repository/shop/orders"],
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:orders-logs:*"],
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "ssm:GetParameters"],
        Resource: [secretArn, "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/token"],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: ["arn:aws:kms:eu-central-1:123456789012:key/1"],
      },
    ]);
    expect(container().secrets).toEqual([
      { name: "PASSWORD", valueFrom: `${secretArn}:password::` },
      { name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/token" },
    ]);
    expect(inputs("task-policy")).toEqual({});
    for (const role of ["task-role", "execution-role"])
      expect(statements(role, "assumeRolePolicy")).toEqual([
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:*" },
          },
        },
      ]);
  });

  test("is reached by HTTPS from inside the VPC, and only through its load balancer", async () => {
    const { inputs, resources } = await create();
    expect(inputs("lb")).toMatchObject({
      namePrefix: "orders",
      internal: true,
      subnets: ["subnet-a", "subnet-b"],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
    });
    expect(inputs("https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificateArn,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
    });
    expect(inputs("http")).toMatchObject({
      port: 80,
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
    const rules = resources
      .filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"))
      .map(({ name, inputs: { fromPort, cidrIpv4, referencedSecurityGroupId } }) => [
        name,
        fromPort,
        cidrIpv4 ?? referencedSecurityGroupId,
      ]);
    expect(rules).toEqual([
      ["orders-from-lb", 8080, "orders-lb-security-group-id"],
      ["orders-lb-http-from-vpc", 80, "10.0.0.0/16"],
      ["orders-lb-https-from-vpc", 443, "10.0.0.0/16"],
    ]);
  });

  test("is open to everyone with a reason alone, which is in its tags", async () => {
    const { inputs, component } = await create({
      loadBalancer: { certificateArn, public: { reason: "a shop" } },
    });
    const tag = { "Opening:public-load-balancer": "a shop" };
    expect(inputs("public-lb")).toMatchObject({ internal: false, subnets: ["subnet-p"], tags: tag });
    expect(inputs("public-lb-security-group")).toMatchObject({ tags: tag });
    expect(inputs("public-lb-https-from-anywhere")).toMatchObject({
      cidrIpv4: "0.0.0.0/0",
      fromPort: 443,
      tags: tag,
    });
    expect(component.loadBalancer).toBeDefined();
  });

  test("has no load balancer when nobody connects", async () => {
    const { port: _, ...rest } = required;
    const { resources, component } = await record(
      (options) => new FargateService("orders", { ...rest, loadBalancer: "none" }, options),
    );
    expect(resources.filter(({ type }) => /^aws:lb\/|IngressRule$/.test(type))).toEqual([]);
    expect(component.loadBalancer).toBeUndefined();
    expect(component.widgets().map(({ title }) => title)).toEqual(["CPU and memory (%)"]);
  });

  test("lets ECS shift the traffic of its own listener, and waits as long as that takes", async () => {
    const { inputs, statements, options } = await create({
      deployment: { type: "canary", percent: 5, stepMinutes: 20, bakeMinutes: 60 },
    });
    expect(inputs("service")).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentConfiguration: {
        strategy: "CANARY",
        bakeTimeInMinutes: "60",
        canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: "20" },
      },
      loadBalancers: [
        {
          targetGroupArn: "arn:orders-blue",
          advancedConfiguration: {
            alternateTargetGroupArn: "arn:orders-green",
            productionListenerRule: "arn:orders-rule",
            roleArn: "arn:orders-traffic-role",
          },
        },
      ],
    });
    expect(options("service").customTimeouts).toEqual({ create: "110m", update: "110m" });
    // ECS moves the weights: a later update does not move them back.
    expect(options("rule").ignoreChanges).toEqual(["actions"]);
    expect(statements("traffic-policy").slice(1)).toEqual([
      {
        Effect: "Allow",
        Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        Resource: ["arn:orders-blue", "arn:orders-green"],
      },
      { Effect: "Allow", Action: ["elasticloadbalancing:ModifyListener"], Resource: ["arn:orders-https"] },
      { Effect: "Allow", Action: ["elasticloadbalancing:ModifyRule"], Resource: ["arn:orders-rule"] },
    ]);
  });

  test("leaves its openings in tags", async () => {
    const { inputs, container } = await create({
      rootUser: { reason: "binds port 25" },
      writableRootFilesystem: { reason: "writes beside itself" },
      spot: { reason: "may stop", onDemandTasks: 2 },
    });
    expect(inputs("task")["tags"]).toMatchObject({
      "Opening:root-user": "binds port 25",
      "Opening:writable-root-filesystem": "writes beside itself",
    });
    expect(container()).toMatchObject({ user: "0", readonlyRootFilesystem: false });
    expect(container().linuxParameters).toEqual({ initProcessEnabled: true });
    expect(inputs("service")).toMatchObject({
      capacityProviderStrategies: [
        { capacityProvider: "FARGATE", base: 2, weight: 0 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ],
      tags: { "Opening:spot": "may stop" },
    });
  });

  test("scales by requests to the target group that serves", async () => {
    const { inputs } = await create({ scaling: { cpuPercent: false, requestsPerTask: 600 } });
    expect(inputs("scale-cpu")).toEqual({});
    expect(inputs("scale-requests")).toMatchObject({
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 600,
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: "suffix/orders-lb/suffix/orders-blue",
        },
      },
    });
  });

  test("runs in a cluster that is given, and makes none", async () => {
    const cluster = { clusterName: "shared", clusterArn: "arn:shared" };
    const { inputs, resources, component } = await create({ cluster });
    expect(resources.filter(({ type }) => /:Cluster/.test(type))).toEqual([]);
    expect(inputs("service")["cluster"]).toBe("arn:shared");
    expect(inputs("scaling")["resourceId"]).toBe("service/shared/orders-service");
    expect(await resolved(component.clusterName)).toBe("shared");
    // Whether the given cluster has Container Insights is not known here.
    expect(inputs("tasks-alarm")).toEqual({});
  });

  const { port: _, ...deaf } = required;
  test.each<[Partial<FargateServiceArgs>, string]>([
    [{ image: "orders" }, 'image is "orders"'],
    [{ image: "orders:latest" }, "not one image for good"],
    [{ cpuUnits: 512, memoryMiB: 8192 }, "give one of 1024, 2048, 3072, 4096"],
    [{ user: "0:0" }, "which is root"],
    [{ user: "app", rootUser: { reason: "x" } }, "keep one"],
    [{ rootUser: { reason: "" } }, "no reason for root-user"],
    [{ temporaryPaths: ["tmp"] }, 'temporaryPaths holds "tmp"'],
    [{ temporaryPaths: ["/a-b", "/a.b"] }, 'two paths for the volume "a-b"'],
    [{ environment: { "A-B": "x" } }, 'environment holds "A-B"'],
    [{ environment: { A: "x" }, secrets: { A: secretArn } }, "A is in environment and in secrets"],
    [
      { secrets: { A: { secretArn: "arn:aws:ssm:r:1:parameter/a", key: "b" } } },
      "a parameter of SSM has not",
    ],
    [{ port: 0 }, "port is 0"],
    [{ minTasks: 5, maxTasks: 4 }, "maxTasks is 4, below minTasks 5"],
    [{ spot: { reason: "x", onDemandTasks: 9 } }, "spot.onDemandTasks is 9"],
    [{ scaling: { cpuPercent: 100 } }, "scaling.cpuPercent is 100"],
    [{ scaling: { requestsPerTask: 9 }, loadBalancer: "none" }, "give loadBalancer"],
    [{ scaling: { requestsPerTask: 9 }, deployment: { type: "blue-green" } }, "has two in turn"],
    [{ deployment: { type: "blue-green" }, loadBalancer: "none" }, "moves a load balancer's traffic"],
    [{ loadBalancer: { certificateArn, clientCidrBlocks: ["0.0.0.0/0"] } }, "which is everyone"],
    [{ loadBalancer: { certificateArn, clientCidrBlocks: [] } }, "is empty"],
    [{ loadBalancer: { certificateArn, healthPath: "health" } }, 'healthPath is "health"'],
    [{ loadBalancer: { certificateArn, healthyCodes: "ok" } }, 'healthyCodes is "ok"'],
    [{ loadBalancer: { certificateArn, public: { reason: "" } } }, "no reason for public-load-balancer"],
    [{ allowFrom: { lb: { securityGroupId: "sg-1" } } }, 'allowFrom has "lb"'],
    [{ allowFrom: { A_1: { securityGroupId: "sg-1" } } }, 'allowFrom has "A_1"'],
    [{ healthCommand: ["/app"] }, 'healthCommand begins with "/app"'],
    [
      { cluster: { clusterName: "a", clusterArn: "b" }, containerInsights: "enabled" },
      "a setting of the cluster",
    ],
    [{ loadBalancer: "none", alarms: { thresholds: { latency: 1 } } }, "choose one of cpu, memory"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });

  test("fails when nobody says where the program listens", async () => {
    await expect(record((options) => new FargateService("orders", deaf, options))).rejects.toThrow(
      "say where the program listens",
    );
  });

  test("fails when a secret is given in the clear, and does not repeat it", async () => {
    const attempt = create({ secrets: { TOKEN: "hunter2hunter2" } });
    await expect(attempt).rejects.toThrow("secrets.TOKEN is no ARN");
    await expect(attempt).rejects.not.toThrow("hunter2");
  });
});
