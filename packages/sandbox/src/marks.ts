import { randomBytes } from "node:crypto";
import type { JsonValue } from "@groundplane/contracts";

/**
 * The account of everything in the sandbox. AWS numbers accounts with 12 digits and has never given out this one;
 * its own documentation uses 111122223333 and 123456789012.
 */
export const SANDBOX_ACCOUNT = "000000000000";

/** Every sandbox id's hex part begins so ("sandbox" as hex allows). AWS's long ids begin with 0. */
export const SANDBOX_HEX = "5a4db0c5";

/** Parent of every DNS name. RFC 2606 reserves `.invalid`: it never resolves. */
export const SANDBOX_DOMAIN = "sandbox.invalid";

/** The output that every sandbox resource carries in the state. Names with two underscores are not shown by the engine. */
export const SANDBOX_OUTPUT = "__sandbox";

const HEX_ID = new RegExp(`^[a-z0-9]+(?:-[a-z0-9]+)*-${SANDBOX_HEX}[0-9a-f]{9}$`);
// libvirt's cloud-init disks are the path of their volume and a UUID.
const UUID = new RegExp(
  `^(?:[a-z]+-|/[^;]+;)?${SANDBOX_HEX}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`,
);
const ARN = new RegExp(`^arn:[^:]+:[^:]*:[^:]*:${SANDBOX_ACCOUNT}:`);
const ANYWHERE = new RegExp(
  `"${SANDBOX_OUTPUT}"|\\b(?:[a-z0-9]+-)*${SANDBOX_HEX}(?:[0-9a-f]{9}|-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\b|\\barn:[^:"\\s]+:[^:"\\s]*:[^:"\\s]*:${SANDBOX_ACCOUNT}:[^"\\s\\\\]*|[\\w.-]+\\.${SANDBOX_DOMAIN.replace(".", "\\.")}\\b`,
  "g",
);

/** True for an id, UUID or ARN that only a sandbox can have made. */
export function isSandboxId(value: string): boolean {
  return HEX_ID.test(value) || UUID.test(value) || ARN.test(value);
}

/** The ids, ARNs, DNS names and marks in this JSON text that only a sandbox can have made, each once. */
export function findSandboxMarks(json: string): readonly string[] {
  return [...new Set((json.match(ANYWHERE) ?? []).map((mark) => mark.replaceAll('"', "")))];
}

/** A new id such as `vpc-5a4db0c5…`, in AWS's long form of 17 hex digits. */
export function mintId(prefix: string): string {
  return `${prefix}-${SANDBOX_HEX}${randomBytes(5).toString("hex").slice(0, 9)}`;
}

/** A new UUID that begins with the mark. */
export function mintUuid(): string {
  const hex = randomBytes(12).toString("hex");
  return `${SANDBOX_HEX}-${hex.slice(0, 4)}-4${hex.slice(5, 8)}-8${hex.slice(9, 12)}-${hex.slice(12, 24)}`;
}

/** Every string in this value that is a sandbox id, with where it stands. */
export function sandboxIdsIn(
  value: JsonValue,
  path = "",
): readonly { readonly path: string; readonly value: string }[] {
  if (typeof value === "string") return isSandboxId(value) ? [{ path, value }] : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item: JsonValue, at) => sandboxIdsIn(item, `${path}[${at}]`));
  return Object.entries(value).flatMap(([key, item]) =>
    sandboxIdsIn(item, path === "" ? key : `${path}.${key}`),
  );
}
