import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { pinnedImages } from "./pinned-images.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const lambda = (imageUri: Parameters<typeof verdicts>[1]["inputs"][string]) =>
  verdicts(pinnedImages, { type: "aws:lambda/function:Function", inputs: { imageUri } });

describe("pinned-images", () => {
  it.each([
    `app@${digest}`,
    `registry.local:5000/team/app:latest@${digest}`,
    digest,
    "app:1.4.2",
    "app:v1.4.2",
    "registry.local:5000/app:1.4.2-alpine3.20",
  ])("passes %s", async (image) => {
    expect(await lambda(image)).toEqual([]);
  });

  it.each([
    ["app", "no tag means latest"],
    ["registry.local:5000/app", "no tag means latest"],
    ["app:latest", "latest is whatever was pushed last"],
    ["app:stable", "the tag stable can move"],
    ["app:1", "the tag 1 can move"],
    ["app:1.27", "the tag 1.27 can move"],
    ["app:1.2.3x", "the tag 1.2.3x can move"],
    ["app:1.4.2@sha256:123", "what follows the @ is no sha256 digest of 64 hex digits"],
  ])("fails when it is %s", async (image, fault) => {
    expect(await lambda(image)).toEqual([`violation: imageUri is "${image}": ${fault}`]);
  });

  it.each([
    [UNKNOWN_MARK, "is known only after the change is made"],
    [SECRET_MARK, "is a secret, and policies never see one"],
  ])("is not evaluated when the image is %j", async (image, why) => {
    expect(await lambda(image)).toEqual([`not-evaluated: cannot be evaluated: imageUri ${why}`]);
  });

  it("asks nothing of a function without an image", async () => {
    expect(await verdicts(pinnedImages, { type: "aws:lambda/function:Function", inputs: {} })).toEqual([]);
  });

  const bad = "app:latest";
  it.each([
    [
      "aws:ecs/taskDefinition:TaskDefinition",
      { containerDefinitions: JSON.stringify([{ image: "a:1.2.3" }, { image: bad }]) },
      "containerDefinitions[1].image",
    ],
    [
      "aws:batch/jobDefinition:JobDefinition",
      { containerProperties: JSON.stringify({ image: bad }) },
      "containerProperties.image",
    ],
    [
      "aws:apprunner/service:Service",
      { sourceConfiguration: { imageRepository: { imageIdentifier: bad } } },
      "sourceConfiguration.imageRepository.imageIdentifier",
    ],
    ["aws:sagemaker/model:Model", { primaryContainer: { image: bad } }, "primaryContainer.image"],
    ["docker:index/container:Container", { image: bad }, "image"],
    ["docker:index/remoteImage:RemoteImage", { name: bad }, "name"],
    [
      "docker:index/service:Service",
      { taskSpec: { containerSpec: { image: bad } } },
      "taskSpec.containerSpec.image",
    ],
    ["kubernetes:core/v1:Pod", { spec: { containers: [{ image: bad }] } }, "spec.containers[0].image"],
    [
      "kubernetes:apps/v1:Deployment",
      { spec: { template: { spec: { initContainers: [{ image: bad }] } } } },
      "spec.template.spec.initContainers[0].image",
    ],
    [
      "kubernetes:batch/v1:CronJob",
      { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: bad }] } } } } } },
      "spec.jobTemplate.spec.template.spec.containers[0].image",
    ],
  ])("looks into %s", async (type, inputs, path) => {
    expect(await verdicts(pinnedImages, { type, inputs })).toEqual([
      `violation: ${path} is "app:latest": latest is whatever was pushed last`,
    ]);
  });

  it("does not pass a task definition that is no JSON, or pods whose spec is unknown", async () => {
    const task = { type: "aws:ecs/taskDefinition:TaskDefinition", inputs: { containerDefinitions: "[{" } };
    expect((await verdicts(pinnedImages, task))[0]).toMatch(/^not-evaluated: the rule failed: /);
    const pods = { type: "kubernetes:apps/v1:Deployment", inputs: { spec: { template: UNKNOWN_MARK } } };
    expect(await verdicts(pinnedImages, pods)).toEqual([
      "not-evaluated: cannot be evaluated: spec.template is known only after the change is made",
    ]);
  });
});
