import { checkOneOf, invalidArgument } from "@groundplane/contracts";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface ArchiveCode {
  readonly kind: "archive";
  /** A folder or a zip: `new pulumi.asset.FileArchive("dist")`. */
  readonly archive: pulumi.asset.Archive;
  /** @format `index.handler` */
  readonly handler: string;
  /** @format `nodejs24.x`, `python3.13`, … */
  readonly runtime: string;
}

export interface ImageCode {
  readonly kind: "image";
  /** In a repository of ECR of the same region. @format `repository@sha256:…` */
  readonly imageUri: pulumi.Input<string>;
}

/** What a function runs. */
export type FunctionCode = ArchiveCode | ImageCode;

/**
 * Checks what a function runs.
 *
 * @throws {INVALID_ARGUMENT} the handler or the runtime is not valid, or an image that is known has a tag that can move.
 */
export function checkCode(code: FunctionCode): void {
  checkOneOf("code.kind", code.kind, ["archive", "image"]);
  if (code.kind === "archive") {
    if (!/^\S{1,128}$/.test(code.handler))
      throw invalidArgument(`code.handler is "${code.handler}"; give 1 to 128 characters without spaces`);
    if (!/^[a-z][a-z0-9.]+$/.test(code.runtime))
      throw invalidArgument(`code.runtime is "${code.runtime}"; give one of Lambda, such as nodejs24.x`);
  } else if (typeof code.imageUri === "string" && !/@sha256:[0-9a-f]{64}$/.test(code.imageUri)) {
    throw invalidArgument(
      `code.imageUri is "${code.imageUri}"; name its digest (…@sha256:…): Lambda keeps what a tag was, and does not see it move`,
    );
  }
}

/** The inputs of the function. */
export function codeInputs(
  code: FunctionCode,
): Pick<aws.lambda.FunctionArgs, "packageType" | "imageUri" | "code" | "handler" | "runtime"> {
  return code.kind === "image"
    ? { packageType: "Image", imageUri: code.imageUri }
    : { packageType: "Zip", code: code.archive, handler: code.handler, runtime: code.runtime };
}
