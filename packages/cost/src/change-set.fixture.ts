import type { ChangeSet, JsonValue, PlannedResource, ResourceChange } from "@groundplane/contracts";
import { emptyChangeSet } from "../../../test/change-set.ts";
import type { PriceTable } from "./price-table.ts";

export type Inputs = Readonly<Record<string, JsonValue>>;

/** A resource of a test: with `was` alone it goes away, with `inputs` alone it comes. */
export interface TestResource {
  readonly type: string;
  readonly name: string;
  readonly inputs?: Inputs;
  readonly was?: Inputs;
  readonly parent?: string;
  readonly provider?: string;
  readonly custom?: boolean;
  readonly operation?: ResourceChange["operation"];
}

export const urnOf = ({ type, name }: Pick<TestResource, "type" | "name">): string =>
  `urn:pulumi:dev::shop::${type}::${name}`;

function operationOf({ operation, inputs, was }: TestResource): ResourceChange["operation"] {
  if (operation !== undefined) return operation;
  if (inputs === undefined) return "delete";
  if (was === undefined) return "create";
  return JSON.stringify(inputs) === JSON.stringify(was) ? "same" : "update";
}

function planned(resource: TestResource): PlannedResource[] {
  const { type, name, inputs, parent, provider, custom = true } = resource;
  if (inputs === undefined) return [];
  return [
    {
      urn: urnOf(resource),
      ...{ type, name, inputs, custom, operation: operationOf(resource) },
      ...(parent === undefined ? {} : { parent }),
      ...(provider === undefined ? {} : { provider }),
    },
  ];
}

function change(resource: TestResource): ResourceChange[] {
  const { type, name, was, parent, provider, custom = true } = resource;
  const operation = operationOf(resource);
  if (operation === "same") return [];
  return [
    {
      urn: urnOf(resource),
      ...{ type, name, operation, protect: false, holdsData: false, properties: [] },
      ...(parent === undefined ? {} : { parent }),
      ...(was === undefined
        ? {}
        : { was: { custom, inputs: was, ...(provider === undefined ? {} : { provider }) } }),
    },
  ];
}

export function changeSetOf(...resources: readonly TestResource[]): ChangeSet {
  const destroy = resources.length > 0 && resources.every(({ inputs }) => inputs === undefined);
  return emptyChangeSet({
    stack: "network",
    operation: destroy ? "destroy" : "update",
    changes: resources.flatMap(change),
    planned: resources.flatMap(planned),
  });
}

/** Round prices, so that a test's sums can be read. */
export const PRICES: PriceTable = {
  schema: "groundplane.dev/prices/v1",
  currency: "USD",
  asOf: "2026-01-01",
  source: "a test",
  regions: {
    "*": { "kms.key.month": 1, "kms.request.ten-thousand": 0.1, "public-ipv4.hour": 0.01 },
    "eu-central-1": {
      "nat-gateway.hour": 0.1,
      "nat-gateway.gb": 0.1,
      "fargate.x86.vcpu.hour": 0.04,
      "fargate.x86.gb.hour": 0.004,
      "fargate.arm.vcpu.hour": 0.03,
      "fargate.arm.gb.hour": 0.003,
      "rds.postgres.t4g.micro.hour": 0.02,
      "rds.gp3.gb": 0.1,
      "rds.gp2.gb": 0.2,
      "aurora.acu.hour": 0.1,
      "ec2.t3.micro.hour": 0.01,
      "ebs.gp3.gb": 0.1,
      "dynamodb.rcu.hour": 0.001,
      "dynamodb.wcu.hour": 0.002,
      "dynamodb.gb": 0.3,
      "interface-endpoint.hour": 0.01,
      "interface-endpoint.gb": 0.01,
      "elasticache.redis.t4g.micro.hour": 0.02,
      "alb.hour": 0.02,
      "alb.unit.hour": 0.01,
    },
    "us-east-1": {
      "canary.run": 0.001,
      "nat-gateway.hour": 0.05,
      "nat-gateway.gb": 0.05,
    },
  },
};
