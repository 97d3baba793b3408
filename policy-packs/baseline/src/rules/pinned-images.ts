import { defineRule, leaves, type PropertyRef, type ResourceView, select } from "@groundplane/policy";

export const pinnedImages = defineRule({
  id: "pinned-images",
  title: "Container images are pinned to a digest or a full version",
  severity: "high",
  why: "A moving tag runs something else tomorrow than what was reviewed, and a rollback to it rolls back nothing.",
  remedy: "Name a digest (app@sha256:…) or a full version (app:1.4.2); best both.",
  source: "Operating manual, section 4, Always Do 1 and Never Do 2",
  appliesTo: [
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:lambda/function:Function",
    "aws:apprunner/service:Service",
    "aws:batch/jobDefinition:JobDefinition",
    "aws:sagemaker/model:Model",
    "docker:*",
    "kubernetes:*",
  ],
  check(resource, report) {
    for (const { path, image } of imagesOf(resource)) {
      const fault = faultOf(image);
      if (fault !== undefined) report(`${path} is "${image}": ${fault}`);
    }
  },
});

interface Image {
  readonly path: string;
  readonly image: string;
}

function imagesOf({ type, props }: ResourceView): readonly Image[] {
  switch (type) {
    case "aws:ecs/taskDefinition:TaskDefinition":
      return inJson(select(props, "containerDefinitions"), "[*].image");
    case "aws:batch/jobDefinition:JobDefinition":
      return inJson(select(props, "containerProperties"), "image");
    case "aws:lambda/function:Function":
      return texts(select(props, "imageUri"));
    case "aws:apprunner/service:Service":
      return texts(select(props, "sourceConfiguration.imageRepository.imageIdentifier"));
    case "aws:sagemaker/model:Model":
      return texts([...select(props, "primaryContainer.image"), ...select(props, "containers[*].image")]);
    case "docker:index/container:Container":
      return texts(select(props, "image"));
    case "docker:index/remoteImage:RemoteImage":
      return texts(select(props, "name"));
    case "docker:index/service:Service":
      return texts(select(props, "taskSpec.containerSpec.image"));
    default:
      return type.startsWith("kubernetes:") ? texts(leaves(props).filter(isPodImage)) : [];
  }
}

// Wherever a pod's spec stands: workloads, jobs, templates, and custom resources that embed one.
const isPodImage = ({ path, unreadable }: PropertyRef): boolean =>
  /(?:^|\.)(?:containers|initContainers|ephemeralContainers)\[\d+\]\.image$/.test(path) ||
  (unreadable !== undefined && /(?:^|\.)(?:spec|template|containers|initContainers)$/.test(path));

const texts = (refs: readonly PropertyRef[]): readonly Image[] =>
  refs.flatMap(({ value, path }) => (typeof value === "string" ? [{ path, image: value }] : []));

function inJson(refs: readonly PropertyRef[], path: string): readonly Image[] {
  return texts(refs).flatMap((json) => {
    const parsed: unknown = JSON.parse(json.image);
    if (typeof parsed !== "object" || parsed === null) return [];
    return texts(select({ root: parsed }, path.startsWith("[") ? `root${path}` : `root.${path}`)).map(
      ({ path: inner, image }) => ({ path: json.path + inner.replace(/^root/, ""), image }),
    );
  });
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;
// Semantic version, https://semver.org, with an optional v; what follows the numbers may name a variant.
const FULL_VERSION = /^v?\d+\.\d+\.\d+(?:[-._+].*)?$/;

function faultOf(image: string): string | undefined {
  // A bare id is what docker itself made of an image: it names the content.
  if (DIGEST.test(image) || /^sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  if (image.includes("@")) return "what follows the @ is no sha256 digest of 64 hex digits";
  // A colon before the last slash belongs to the registry's port.
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1];
  if (tag === undefined) return "no tag means latest";
  if (tag === "latest") return "latest is whatever was pushed last";
  return FULL_VERSION.test(tag) ? undefined : `the tag ${tag} can move`;
}
