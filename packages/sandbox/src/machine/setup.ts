import { createHash, createHmac } from "node:crypto";
import { canonicalJson, type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import { hasUnknown, isList, isObject, isSecret, type Properties, reveal } from "@groundplane/provider";
import { SANDBOX_HEX } from "../marks.ts";
import type { Problem, TypeRule } from "../provider/cloud.ts";
import { objects, text } from "../provider/inputs.ts";

export const SETUP = "groundplane-machine:index:Setup";

const connectionOf = (inputs: Properties): Properties => {
  const connection = inputs["connection"];
  return isObject(connection) ? connection : {};
};

/** The key of a host: always the same one, and no real machine's, since its first bytes are the sandbox's mark. */
function hostKeyOf(connection: Properties): string {
  const given = text(connection, "hostKey");
  if (given !== undefined) return given;
  const digest = createHash("sha256").update(
    canonicalJson([connection["host"] ?? "", connection["port"] ?? 22]),
  );
  const key = Buffer.concat([Buffer.from(SANDBOX_HEX, "hex"), digest.digest()]).subarray(0, 32);
  const parts = [Buffer.from("ssh-ed25519"), key].flatMap((part) => [lengthOf(part), part]);
  return `ssh-ed25519 ${Buffer.concat(parts).toString("base64")}`;
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** By path, what the machine has. Of a secret content the hash is keyed, so that nobody can guess the content from it. */
function fileHashes(inputs: Properties): JsonValue {
  const files = opened(inputs["files"] ?? []);
  if (!isList(files.value)) return UNKNOWN_TEXT;
  const key = reveal(connectionOf(inputs)["privateKey"] ?? "");
  const hashes: Record<string, JsonValue> = {};
  for (const item of files.value) {
    const file = opened(item);
    if (!isObject(file.value) || hasUnknown(file.value["path"])) return UNKNOWN_TEXT;
    const content = opened(file.value["content"] ?? "");
    const secret = files.secret || file.secret || content.secret;
    hashes[String(reveal(file.value["path"] ?? ""))] = hashOf(content.value, secret ? key : undefined);
  }
  return hashes;
}

/** What is in a secret, and whether it was one. */
function opened(value: JsonValue): { readonly value: JsonValue; readonly secret: boolean } {
  return isSecret(value) ? { value: value.value, secret: true } : { value, secret: false };
}

function hashOf(content: JsonValue, key: JsonValue | undefined): JsonValue {
  if (hasUnknown(content) || hasUnknown(key)) return UNKNOWN_TEXT;
  const hash = key === undefined ? createHash("sha256") : createHmac("sha256", String(key));
  return hash.update(String(content)).digest("hex");
}

function setupProblems(inputs: Properties): readonly Problem[] {
  const seen = new Set<string>();
  return objects(inputs, "files").flatMap((file, at) => {
    const path = text(file, "path");
    const mode = text(file, "mode");
    const problems: Problem[] = [];
    if (path !== undefined && !path.startsWith("/"))
      problems.push({ property: `files[${at}].path`, reason: `"${path}" is not absolute` });
    if (path !== undefined && seen.has(path))
      problems.push({ property: `files[${at}].path`, reason: `"${path}" is written twice` });
    if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode))
      problems.push({ property: `files[${at}].mode`, reason: `"${mode}" is no octal mode such as "0644"` });
    if (path !== undefined) seen.add(path);
    return problems;
  });
}

/** A machine that took every file and every script. What goes wrong there is made by `set`, on `healthy` or `fileHashes`. */
export const setupRule: TypeRule = {
  check: setupProblems,
  outputs: ({ inputs }) => ({ hostKey: hostKeyOf(connectionOf(inputs)), healthy: true, problems: [] }),
  inside: (inputs) => ({ fileHashes: fileHashes(inputs) }),
  due: (outputs, inputs) => {
    const hashes = fileHashes(inputs);
    const drifted =
      !hasUnknown(hashes) && canonicalJson(outputs["fileHashes"] ?? {}) !== canonicalJson(hashes);
    return [...(drifted ? ["fileHashes"] : []), ...(outputs["healthy"] === false ? ["healthy"] : [])];
  },
};
