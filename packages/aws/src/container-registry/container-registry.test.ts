import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { imageReference } from "../ecs/container-image.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { ContainerRegistry } from "./container-registry.ts";
import type { ContainerRegistryArgs } from "./container-registry-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const arn = "arn:aws:ecr:eu-central-1:123456789012:repository/orders";
const url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders";
const create = (args: Partial<ContainerRegistryArgs> = {}) =>
  record(
    (options) => new ContainerRegistry("orders", { tags, ...args }, options),
    ({ type, inputs }) =>
      type.endsWith(":Repository") ? { arn, repositoryUrl: url, name: inputs["name"] ?? "orders" } : {},
  );

describe("ContainerRegistry", () => {
  test("keeps tags where they are, scans what is pushed, and is protected, when nothing is said", async () => {
    const { resources, children } = await create();
    expect(resources.find(({ name }) => name === "orders-repository")?.inputs).toEqual({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
      tags: { ...tags, Name: "orders-repository" },
    });
    expect(children.map(({ name, options }) => [name, options.protect ?? false])).toEqual([
      ["orders-lifecycle", false],
      ["orders-repository", true],
    ]);
  });

  test("ends what lost its tag, and what is older than the newest tagged images", async () => {
    const { resources } = await create({ untaggedDays: 2, keepLast: 9 });
    const policy = resources.find(({ name }) => name === "orders-lifecycle")?.inputs["policy"];
    expect(JSON.parse(String(policy))).toMatchObject({
      rules: [
        { selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 2 } },
        { selection: { tagStatus: "tagged", countType: "imageCountMoreThan", countNumber: 9 } },
      ],
    });
  });

  test("lets named accounts pull, and do nothing else", async () => {
    const { resources } = await create({ pullAccountIds: ["210987654321"] });
    const policy = resources.find(({ name }) => name === "orders-policy")?.inputs["policy"];
    expect(JSON.parse(String(policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::210987654321:root"] },
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      },
    ]);
  });

  test("gives out the rights to pull and to push, to itself alone", async () => {
    const { component } = await create();
    const statements = JSON.parse(await resolved(policyDocument(component.pushStatements()))).Statement;
    expect(statements.map(({ Resource }: { Resource: unknown }) => Resource)).toEqual([["*"], [arn], [arn]]);
    expect(statements[0].Action).toEqual(["ecr:GetAuthorizationToken"]);
    expect(statements[2].Action).toContain("ecr:PutImage");
    expect(component.pullStatements()).toHaveLength(2);
  });

  test("names its images by tag or digest", async () => {
    const { component } = await create();
    const digest = `sha256:${"ab".repeat(32)}`;
    expect(await resolved(imageReference(component.image("1.4.2")))).toBe(`${url}:1.4.2`);
    expect(await resolved(imageReference(component.image(digest)))).toBe(`${url}@${digest}`);
    expect(() => component.image("latest")).toThrow("not one image for good");
  });

  test("takes over a repository as it is", async () => {
    const { resources, children } = await create({ adopt: { repositoryName: "shop/legacy" } });
    expect(resources.find(({ name }) => name === "orders-repository")).toMatchObject({
      importId: "shop/legacy",
      inputs: { name: "shop/legacy" },
    });
    expect(children.find(({ name }) => name === "orders-repository")?.options.ignoreChanges).toEqual([
      "tags",
      "imageTagMutability",
      "imageScanningConfiguration",
      "encryptionConfigurations",
      "forceDelete",
    ]);
  });

  test.each<[Partial<ContainerRegistryArgs>, string]>([
    [{ untaggedDays: 0 }, "untaggedDays is 0"],
    [{ keepLast: 1.5 }, "keepLast is 1.5"],
    [{ repositoryName: "Orders" }, 'repositoryName is "Orders"'],
    [{ adopt: { repositoryName: "a" } }, 'adopt.repositoryName is "a"'],
    [{ repositoryName: "shop/a", adopt: { repositoryName: "shop/b" } }, "give one of them"],
    [{ pullAccountIds: ["1234"] }, 'pullAccountIds holds "1234"'],
    [{ mutableTags: { reason: " " } }, "no reason for mutable-tags"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
