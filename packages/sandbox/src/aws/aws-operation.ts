import type { JsonValue } from "@groundplane/contracts";
import { diffInputs } from "../provider/diff.ts";
import { awsResource } from "./aws-catalog.ts";
import { awsCloud } from "./aws-cloud.ts";

/**
 * What AWS does to a resource whose inputs change, as far as the sandbox knows: for tests of components, without an
 * engine. A resource that is replaced since another one is does not show.
 *
 * @param type Pulumi token: `aws:s3/bucket:Bucket`
 * @returns undefined when it does nothing.
 * @throws {SANDBOX_INVALID} when there is no such type.
 */
export function awsOperation(
  type: string,
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
): "update" | "replace" | undefined {
  const { resource } = awsResource(type);
  const diffs = diffInputs(before, after, resource, (name) => awsCloud.replaces(type, name));
  if (diffs.some((diff) => diff.replaces)) return "replace";
  return diffs.length > 0 ? "update" : undefined;
}
