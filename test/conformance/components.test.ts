import { globSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Vpc } from "@groundplane/aws";
import { REQUIRED_TAGS, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { effectsOf } from "../argument-effects.ts";
import { type Compute, type Recording, record, resolved } from "../recording-mocks.ts";

const tags: Tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

interface ComponentCase {
  /** The component, and the shape of it that this row builds. */
  readonly title: string;
  readonly type: string;
  /** Creates it, with every kind of child that it can have, under the name "unit". */
  readonly create: (options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  /** Creates it with a required tag missing. */
  readonly createUntagged: (options: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  /** What its cloud computes and its own code reads. */
  readonly compute: Compute;
  /** An explicit provider for its children. */
  readonly provider: () => pulumi.ProviderResource;
  /** Children that their provider cannot tag. */
  readonly untaggable: readonly string[];
  /** Names that it leaves out of its registered outputs. */
  readonly unregistered: readonly string[];
}

/** Components that say themselves what they are built with, in their `argument-effects.fixture.ts`. */
async function described(): Promise<readonly ComponentCase[]> {
  const folder = new URL("../../packages/aws/src/", import.meta.url);
  const files = globSync("*/argument-effects.fixture.ts", { cwd: fileURLToPath(folder) });
  return Promise.all(
    files.toSorted().map(async (file) => {
      const name = dirname(file);
      const effects = await effectsOf(name);
      const { base, full = base, create, compute = () => ({}) } = effects;
      const title = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
      return {
        title: `aws.${title}`,
        type: `groundplane:aws:${title}`,
        create: (options: pulumi.ComponentResourceOptions) => create(full, options),
        createUntagged: (options: pulumi.ComponentResourceOptions) =>
          create({ ...full, tags: { ...tags, Owner: "" } }, options),
        compute,
        provider: () => new aws.Provider("chosen", { region: "eu-central-1" }),
        untaggable: effects.untaggable ?? [],
        unregistered: ["nodes", ...(effects.unregistered ?? [])],
      };
    }),
  );
}

const components: readonly ComponentCase[] = [
  ...(await described()),
  {
    title: "aws.Vpc",
    type: "groundplane:aws:Vpc",
    create: (options) =>
      new Vpc(
        "unit",
        {
          cidrBlock: "10.0.0.0/16",
          zones: ["eu-central-1a", "eu-central-1b"],
          nat: "per-zone",
          ipv6: true,
          interfaceEndpoints: ["ssm"],
          publicIngress: [{ port: 443, reason: "web" }],
          tags,
        },
        options,
      ),
    createUntagged: (options) =>
      new Vpc(
        "unit",
        { cidrBlock: "10.0.0.0/16", zones: ["eu-central-1a"], tags: { ...tags, Owner: "" } },
        options,
      ),
    compute: ({ type }) =>
      type === "aws:ec2/vpc:Vpc"
        ? { arn: "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1", ipv6CidrBlock: "2600:1f14:a:bc00::/56" }
        : {},
    provider: () => new aws.Provider("chosen", { region: "eu-central-1" }),
    untaggable: [
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:iam/rolePolicy:RolePolicy",
    ],
    unregistered: ["nodes", "plan"],
  },
];

/** Most types take a map; an autoscaling group takes a list. */
function tagsOf(given: unknown): unknown {
  if (!Array.isArray(given)) return given;
  return Object.fromEntries(given.map(({ key, value }) => [key, value]));
}

describe.each(components)(
  "$title",
  ({ type, create, createUntagged, compute, provider, untaggable, unregistered }) => {
    let recording: Recording<pulumi.ComponentResource>;
    let componentUrn: string;
    beforeAll(async () => {
      recording = await record(create, compute);
      componentUrn = await resolved(recording.component.urn);
    });
    const custom = () => recording.resources.filter((resource) => resource.custom);

    test("is a component of its own type, and the only resource without a parent", () => {
      expect(recording.resources.filter((resource) => !resource.custom)).toMatchObject([
        { type, name: "unit" },
      ]);
      expect(componentUrn).toContain(`::${type}::unit`);
    });

    test("has every resource that it creates below it", () => {
      expect(custom().length).toBeGreaterThan(0);
      expect(recording.children.map(({ type, name }) => [type, name])).toEqual(
        custom().map(({ type, name }) => [type, name]),
      );
    });

    test("names each child after itself and the child's role", () => {
      const names = recording.children.map((child) => child.name);
      expect(names.filter((name) => !/^unit(-[a-z0-9]+)+$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    });

    test("asks its cloud nothing while it is declared, but where it is", () => {
      const tokens = recording.calls.map(({ token }) => token.replace(/.*:/, ""));
      const where = ["getCallerIdentity", "getPartition", "getRegion"];
      expect(tokens.filter((token) => !where.includes(token))).toEqual([]);
    });

    test("gives an explicit provider to every child", async () => {
      let chosen: pulumi.ProviderResource | undefined;
      const { component, resources } = await record((options) => {
        chosen = provider();
        return create({ ...options, provider: chosen });
      }, compute);
      const expected = `${await resolved(chosen?.urn ?? "")}::${await resolved(chosen?.id ?? "")}`;
      const children = resources.filter(
        (resource) => resource.custom && !resource.type.startsWith("pulumi:providers:"),
      );
      expect(await resolved(component.urn)).toBe(componentUrn);
      expect(children).toHaveLength(custom().length);
      expect(children.filter((child) => child.provider !== expected).map((child) => child.name)).toEqual([]);
    });

    test("registers each of its outputs", () => {
      const own = Object.keys(recording.component).filter(
        (key) => key !== "urn" && !key.startsWith("__") && !unregistered.includes(key),
      );
      expect(own.length).toBeGreaterThan(0);
      expect(Object.keys(recording.outputs ?? {}).toSorted()).toEqual(own.toSorted());
      expect(Object.values(recording.outputs ?? {})).not.toContain(undefined);
    });

    test("shows its children under nodes", () => {
      expect(Reflect.get(recording.component, "nodes")).toBeTypeOf("object");
    });

    test("puts the required tags and a Name on every child that takes tags", () => {
      const tagged = custom().filter((child) => !untaggable.includes(child.type));
      for (const { name, inputs } of tagged) {
        expect(tagsOf(inputs["tags"]), name).toMatchObject({ ...tags, Name: name });
      }
      expect(Object.keys(tags).toSorted()).toEqual([...REQUIRED_TAGS].toSorted());
    });

    test("does not pass tags to children that take none", () => {
      const wrong = custom().filter((child) => untaggable.includes(child.type) && "tags" in child.inputs);
      expect(wrong).toEqual([]);
    });

    test("fails before anything exists when a required tag is missing", async () => {
      const seen: string[] = [];
      const attempt = record(createUntagged, ({ name }) => {
        seen.push(name);
        return {};
      });
      await expect(attempt).rejects.toThrow(expect.objectContaining({ code: "INVALID_TAGS" }));
      expect(seen).toEqual([]);
    });

    test("asks for the same a second time", async () => {
      expect((await record(create, compute)).resources).toEqual(recording.resources);
    });
  },
);
