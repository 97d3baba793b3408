import { join } from "node:path";
import { isObject, type Properties, secretOf } from "@groundplane/provider";
import { mintId, SANDBOX_ACCOUNT } from "../marks.ts";
import type { Cloud } from "../provider/cloud.ts";
import { refusal } from "../provider/refusal.ts";
import { SETUP, setupRule } from "./setup.ts";

/** Machines behind SSH, as the plugin `groundplane-machine` shows them. */
export const machineCloud: Cloud = {
  name: "groundplane-machine",
  catalogFile: join(import.meta.dirname, "..", "..", "generated", "groundplane-machine.catalog"),
  movesWith: [],
  settings: () => ({ account: SANDBOX_ACCOUNT, region: "", place: "", defaultTags: {} }),
  rule: (type) => (type === SETUP ? setupRule : {}),
  // Another host is another machine; a new key or user is the same one.
  replaces: (_type, property, path) => (property === "connection" ? path === "connection.host" : false),
  autoname: () => undefined,
  complete: withSecretKey,
  newId: () => mintId("setup"),
  planned: () => ({}),
  computed: () => undefined,
  notFound: (value, path) =>
    refusal("NotFound", `${path}: "${value}" does not exist. Give the id of something that does.`),
  deletion: () => "stays",
  inUse: (type, id, referrer) => refusal("InUse", `${type} ${id} is in use by ${referrer}.`),
  invoke: () => undefined,
};

/** A private key is a secret, whether the program says so or not. */
function withSecretKey(inputs: Properties): Properties {
  const connection = inputs["connection"];
  if (!isObject(connection) || connection["privateKey"] === undefined) return inputs;
  return { ...inputs, connection: { ...connection, privateKey: secretOf(connection["privateKey"] ?? "") } };
}
