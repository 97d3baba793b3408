import type { JsonValue } from "@groundplane/contracts";
import { isList, isObject, type Properties } from "@groundplane/provider";
import { objects, text, texts } from "../provider/inputs.ts";

/** `getPolicyDocument`: the JSON text of an IAM policy from its typed statements, in the form of the real provider. */
export function policyDocument(args: Properties): Properties {
  const sources = [...texts(args, "sourcePolicyDocuments")].map(parse);
  const overrides = [...texts(args, "overridePolicyDocuments")].map(parse);
  const statements = [
    ...sources.flatMap((one) => objects(one, "Statement")),
    ...objects(args, "statements").map(statement),
  ];
  const merged = [...statements];
  for (const one of overrides.flatMap((document) => objects(document, "Statement"))) {
    const sid = text(one, "Sid");
    const at = merged.findIndex((old) => sid !== undefined && old["Sid"] === sid);
    if (at === -1) merged.push(one);
    else merged[at] = one;
  }
  const id = text(args, "policyId");
  const document = {
    Version: text(args, "version") ?? "2012-10-17",
    ...(id === undefined ? {} : { Id: id }),
    Statement: merged,
  };
  return {
    ...args,
    id: "sandbox",
    json: JSON.stringify(document, null, 2),
    minifiedJson: JSON.stringify(document),
  };
}

function statement(one: Properties): Properties {
  const sid = text(one, "sid");
  const part = (name: string, key: string): Properties =>
    texts(one, key).length === 0 ? {} : { [name]: oneOrMany(texts(one, key)) };
  const conditions = conditionsOf(objects(one, "conditions"));
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: text(one, "effect") ?? "Allow",
    ...part("Action", "actions"),
    ...part("NotAction", "notActions"),
    ...part("Resource", "resources"),
    ...part("NotResource", "notResources"),
    ...principalsOf("Principal", objects(one, "principals")),
    ...principalsOf("NotPrincipal", objects(one, "notPrincipals")),
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
}

function principalsOf(name: string, principals: readonly Properties[]): Properties {
  if (principals.length === 0) return {};
  if (principals.some((one) => one["type"] === "*")) return { [name]: "*" };
  const byType: Record<string, readonly string[]> = {};
  for (const one of principals) {
    const type = text(one, "type") ?? "AWS";
    byType[type] = [...(byType[type] ?? []), ...texts(one, "identifiers")];
  }
  return { [name]: Object.fromEntries(Object.entries(byType).map(([type, ids]) => [type, oneOrMany(ids)])) };
}

function conditionsOf(conditions: readonly Properties[]): Properties {
  const byTest: Record<string, Record<string, JsonValue>> = {};
  for (const one of conditions) {
    const [test, variable] = [text(one, "test") ?? "", text(one, "variable") ?? ""];
    byTest[test] = { ...byTest[test], [variable]: oneOrMany(texts(one, "values")) };
  }
  return byTest;
}

function oneOrMany(values: readonly string[]): JsonValue {
  return values.length === 1 ? (values[0] ?? "") : values;
}

function parse(document: string): Properties {
  const parsed: JsonValue = JSON.parse(document);
  if (!isObject(parsed)) return {};
  const statements = parsed["Statement"];
  return isList(statements) ? parsed : { ...parsed, Statement: statements === undefined ? [] : [statements] };
}
