import { describe, expect, test } from "vitest";
import { checkImage, imageReference } from "./container-image.ts";

const digest = `sha256:${"0a".repeat(32)}`;

describe("the image of a container", () => {
  test.each([
    "app:1.4.2",
    "registry.example.com:5000/team/app:1.4.2",
    `app@${digest}`,
    `ghcr.io/acme/app:1.4.2@${digest}`,
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:3f9c2d1",
  ])("may be %s", (image) => {
    expect(() => checkImage("image", image)).not.toThrow();
    expect(imageReference(image)).toBe(image);
  });

  test.each([
    "",
    "app",
    "app:latest",
    "app:",
    ":1.4.2",
    "registry.example.com:5000/app",
    "app@sha256:abc",
    "my app:1.4.2",
    `app@${digest.toUpperCase()}`,
  ])("fails when it is %j", (image) =>
    expect(() => checkImage("image", image)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" })),
  );

  test("fails when a version of a registry moves", () => {
    const image = { repositoryUrl: "r", repositoryArn: "a", version: "latest" };
    expect(() => checkImage("image", image)).toThrow('image is "latest"');
  });
});
