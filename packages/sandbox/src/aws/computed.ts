import { createHash, randomInt } from "node:crypto";
import type { JsonValue } from "@groundplane/contracts";
import type { ResourceShape, Shape } from "../catalog/shape.ts";
import { mintId, mintUuid, SANDBOX_DOMAIN } from "../marks.ts";
import type { RuleContext, TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";
import { arnOf, kebab } from "./arn.ts";
import { zonesOf } from "./zones.ts";

/** The id of a new resource, in the form of the SDK's example of an import. */
export function newId(context: Omit<RuleContext, "id">, resource: ResourceShape): string {
  const example = resource.importId ?? "";
  const kind = kebab(context.type.slice(context.type.lastIndexOf(":") + 1));
  const prefix = /^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}$/.exec(example)?.[1];
  if (prefix !== undefined) return mintId(prefix);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(example)) return mintUuid();
  // A mix of letters and digits is a number of the cloud's own, such as a REST API's or a hosted zone's.
  if (/^(?=.*\d.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{10,}$/.test(example)) return mintId(kind);
  const name = nameFor(context);
  if (example.startsWith("arn:")) return arnOf({ ...context, id: name ?? mintId(kind) }, resource, undefined);
  return name ?? mintId(kind);
}

/** A given name, or one from a given prefix, as the provider makes it. */
function nameFor({ inputs }: Omit<RuleContext, "id">): string | undefined {
  for (const property of ["name", "bucket"]) {
    const given = text(inputs, property);
    if (given !== undefined) return given;
    const prefix = text(inputs, `${property}Prefix`);
    if (prefix !== undefined)
      return `${prefix}${new Date().toISOString().replace(/\D/g, "")}${randomInt(1e8, 1e9)}`;
  }
  return undefined;
}

/** A value for an output that no rule gives, in the shape that its name and type promise. */
export function computedOutput(
  context: RuleContext,
  name: string,
  resource: ResourceShape,
  rule: TypeRule,
): JsonValue | undefined {
  const { id, inputs, settings } = context;
  if (name === "arn") return arnOf(context, resource, rule.arn);
  if (name === "region") return settings.region;
  if (name === "ownerId" || name === "accountId" || name === "registryId") return settings.account;
  if ((name === "name" || name === "bucket") && text(inputs, name) === undefined)
    return text(inputs, `${name}Prefix`) === undefined ? id : id.slice(id.search(/[^:/]*$/));
  const shape = resource.outputs[name]?.t ?? "*";
  if (shape !== "s" && !(Array.isArray(shape) && shape[0] === "e")) return empty(shape);
  return computedText(context, name, name in resource.inputs);
}

function computedText({ id, type, settings }: RuleContext, name: string, settable: boolean): string {
  const { account, region } = settings;
  const label = createHash("sha256").update(`${type}\n${id}`).digest("hex").slice(0, 12);
  if (/(time|date|createdAt|updatedAt|lastModified)$/i.test(name)) return new Date().toISOString();
  if (/(uri|url)$/i.test(name)) return `https://${label}.${region}.${SANDBOX_DOMAIN}`;
  if (/(dnsName|domainName|endpoint|hostname|fqdn|address|cloudfrontDomain)$/i.test(name))
    return `${label}.${region}.${SANDBOX_DOMAIN}`;
  if (/^(status|state)$/.test(name)) return "ACTIVE";
  if (name === "availabilityZone") return zonesOf(region)[0]?.name ?? "";
  if (/^(hostedZoneId|zoneId)$/.test(name)) return "Z5A4DB0C5SANDBOX";
  if (/ip$/i.test(name) && !settable) return `192.0.2.${(Number.parseInt(label.slice(0, 2), 16) % 254) + 1}`;
  // What the program might have given and did not is absent; what it cannot give, the cloud makes.
  if (settable) return "";
  if (/Arn$/.test(name))
    return `arn:aws:${type.split(/[:/]/)[1] ?? "sandbox"}:${region}:${account}:${kebab(name.slice(0, -3))}/${label}`;
  if (/Id$/.test(name)) return mintId(kebab(name.slice(0, -2)));
  if (/(version|etag)$/i.test(name)) return "1";
  return "";
}

function empty(shape: Shape): JsonValue | undefined {
  if (shape === "n") return 0;
  if (shape === "b") return false;
  if (typeof shape === "string") return undefined;
  return shape[0] === "a" ? [] : shape[0] === "m" ? {} : undefined;
}
