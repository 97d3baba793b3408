import type { Properties } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";
import type { RuleContext } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";

/** Services of which one answers for all regions: their ARNs name none. */
const GLOBAL = ["iam", "route53", "cloudfront", "organizations", "globalaccelerator"];

/** The ARN of a resource, by the cloud's rule for its type, CloudFormation's template, or the usual form. */
export function arnOf(
  context: RuleContext,
  resource: ResourceShape,
  afterAccount: ((context: RuleContext) => string) | undefined,
): string {
  const { id, type, inputs, settings } = context;
  if (id.startsWith("arn:")) return id;
  const service = /^[^:]+:([^/]+)\//.exec(type)?.[1] ?? "sandbox";
  const template = resource.arn;
  const templateService = template?.split(":")[2] ?? serviceName(service);
  const region = GLOBAL.includes(templateService) ? "" : settings.region;
  if (afterAccount !== undefined)
    return `arn:aws:${templateService}:${region}:${settings.account}:${afterAccount(context)}`;
  if (template !== undefined) return fill(template, id, inputs, settings);
  const kind = kebab(type.slice(type.lastIndexOf(":") + 1));
  return `arn:aws:${templateService}:${region}:${settings.account}:${kind}/${id}`;
}

/** `${Partition}` and its like by their meaning, `${ClusterName}` from the input of that name, the last part from the id. */
function fill(template: string, id: string, inputs: Properties, settings: RuleContext["settings"]): string {
  const fixed: Readonly<Record<string, string>> = {
    Partition: "aws",
    Region: settings.region,
    Account: settings.account,
  };
  const names = [...template.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]);
  const last = names.at(-1);
  return template.replace(/\$\{(\w+)\}/g, (_all, name: string) => {
    const property = name.charAt(0).toLowerCase() + name.slice(1);
    const given = text(inputs, property) ?? text(inputs, property.replace(/Name$/, ""));
    return fixed[name] ?? (name === last ? id : (given ?? text(inputs, "name") ?? id));
  });
}

function serviceName(module: string): string {
  return (
    {
      lb: "elasticloadbalancing",
      alb: "elasticloadbalancing",
      cloudwatch: "logs",
      vpc: "ec2",
      sfn: "states",
    }[module] ?? module
  );
}

export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}
