import { type GroundplaneError, invalidArgument } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";

/** An image in a registry of ECR. `registry.image("1.4.2")` gives one; the outputs of another stack do too. */
export interface ContainerImage {
  /** Without a tag. */
  readonly repositoryUrl: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
  /** A tag that does not move, such as `1.4.2`, or a digest: `sha256:` and 64 hex digits. */
  readonly version: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
// https://docs.docker.com/reference/cli/docker/image/tag/
const TAG = /^\w[\w.-]{0,127}$/;
const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/;

/**
 * Checks that an image names what was reviewed: a digest, or a tag other than `latest`. Whether a tag can move is the
 * registry's business; a `ContainerRegistry` lets none move.
 *
 * @throws {INVALID_ARGUMENT} it has no tag, or the tag `latest`, or is malformed.
 */
export function checkImage(argument: string, image: string | ContainerImage): void {
  const { name, version } =
    typeof image === "string" ? split(image) : { name: "app", version: image.version };
  if (name === "" || /\s/.test(name) || version === undefined || version === "latest")
    throw refused(argument, typeof image === "string" ? image : image.version);
  if (!DIGEST.test(version) && !TAG.test(version)) throw refused(argument, version);
}

/**
 * Checks what follows the name of an image.
 *
 * @throws {INVALID_ARGUMENT} it is `latest`, or neither a tag nor a digest.
 */
export function checkImageVersion(version: string): void {
  if (version === "latest" || (!DIGEST.test(version) && !TAG.test(version)))
    throw refused("version", version);
}

/** What a container definition names. */
export function imageReference(image: string | ContainerImage): pulumi.Input<string> {
  if (typeof image === "string") return image;
  const mark = DIGEST.test(image.version) ? "@" : ":";
  return pulumi.interpolate`${image.repositoryUrl}${mark}${image.version}`;
}

/** The rights to pull an image: none for one that is not in ECR. */
export function pullStatements(
  image: string | ContainerImage,
  { partition }: CallerAccount,
): readonly PolicyStatement[] {
  if (typeof image !== "string") return pullFrom(image.repositoryArn);
  const [, account, region, repository] = ECR.exec(split(image).name) ?? [];
  if (account === undefined || region === undefined || repository === undefined) return [];
  return pullFrom(pulumi.interpolate`arn:${partition}:ecr:${region}:${account}:repository/${repository}`);
}

/** The rights to pull from a repository. */
export function pullFrom(repositoryArn: pulumi.Input<string>): readonly PolicyStatement[] {
  return [
    // The token is the account's: the action knows no resources.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repositoryArn],
    },
  ];
}

/** `app:1.4.2@sha256:…` has a tag and a digest; the digest decides. A colon before the last slash is a port's. */
function split(image: string): { readonly name: string; readonly version: string | undefined } {
  const [tagged = "", digest] = image.split("@");
  const slash = tagged.lastIndexOf("/") + 1;
  const [last = "", tag] = tagged.slice(slash).split(":");
  return { name: last === "" ? "" : tagged.slice(0, slash) + last, version: digest ?? tag };
}

function refused(argument: string, value: string): GroundplaneError {
  return invalidArgument(
    `${argument} is "${value}", which is not one image for good; give a tag that does not move (app:1.4.2) or a digest (app@sha256:… with 64 hex digits)`,
    { argument, value },
  );
}
