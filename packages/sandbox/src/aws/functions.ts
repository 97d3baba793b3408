import type { JsonValue } from "@groundplane/contracts";
import { isObject, type Properties } from "@groundplane/provider";
import type { CloudSettings, CloudView } from "../provider/cloud.ts";
import { objects, text, texts } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import type { SandboxResource } from "../store/store.ts";
import { SUBNET, VPC } from "./ec2/address-space.ts";
import { policyDocument } from "./policy-document.ts";
import { zonesOf } from "./zones.ts";

type FunctionRule = (args: Properties, settings: CloudSettings, view: CloudView) => Properties;

/** The functions (data sources) that the sandbox answers. */
export const functions: Readonly<Record<string, FunctionRule>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const zones = zonesOf(region).filter(
      ({ name, id }) =>
        !texts(args, "excludeNames").includes(name) && !texts(args, "excludeZoneIds").includes(id),
    );
    return {
      ...args,
      ...{ id: region, region, groupNames: [region] },
      names: zones.map(({ name }) => name),
      zoneIds: zones.map(({ id }) => id),
    };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { account }) => ({
    ...{ id: account, accountId: account, userId: "AIDA5A4DB0C5SANDBOX00" },
    arn: `arn:aws:iam::${account}:user/sandbox`,
  }),
  "aws:index/getRegion:getRegion": (args, settings) => {
    const region = text(args, "region") ?? text(args, "name") ?? settings.region;
    return {
      id: region,
      name: region,
      region,
      description: `${region} (sandbox)`,
      endpoint: `ec2.${region}.amazonaws.com`,
    };
  },
  "aws:index/getPartition:getPartition": () => ({
    ...{ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" },
  }),
  "aws:index/getDefaultTags:getDefaultTags": (_args, { defaultTags }) => ({
    id: "sandbox",
    tags: defaultTags,
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:ec2/getVpc:getVpc": (args, settings, view) => single("VPC", select(view.list(VPC), args, settings)),
  "aws:ec2/getSubnet:getSubnet": (args, settings, view) =>
    single("subnet", select(view.list(SUBNET), args, settings)),
  "aws:ec2/getVpcs:getVpcs": (args, settings, view) =>
    many(args, settings, select(view.list(VPC), args, settings)),
  "aws:ec2/getSubnets:getSubnets": (args, settings, view) =>
    many(args, settings, select(view.list(SUBNET), args, settings)),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, settings, view) =>
    single("security group", select(view.list("aws:ec2/securityGroup:SecurityGroup"), args, settings)),
  "aws:ec2/getAmi:getAmi": (args, { region, account }) => ({
    ...args,
    // One image for each architecture, so that a program which pins what it finds stays without changes.
    ...{
      id: `ami-5a4db0c5${"0".repeat(9)}`,
      imageId: `ami-5a4db0c5${"0".repeat(9)}`,
      region,
      ownerId: account,
    },
    ...{
      name: "sandbox-image",
      architecture: "x86_64",
      rootDeviceName: "/dev/xvda",
      virtualizationType: "hvm",
    },
    ...{
      arn: `arn:aws:ec2:${region}::image/ami-5a4db0c5${"0".repeat(9)}`,
      state: "available",
      tags: {},
      rootDeviceType: "ebs",
    },
  }),
  "aws:ssm/getParameter:getParameter": (args, _settings, view) => {
    const name = text(args, "name") ?? "";
    const found = view.list("aws:ssm/parameter:Parameter").find(({ outputs }) => outputs["name"] === name);
    if (found === undefined)
      throw refusal(
        "ParameterNotFound",
        `the sandbox has no SSM parameter "${name}": create it with aws.ssm.Parameter in this database first`,
      );
    const { arn = "", type = "String", value = "", version = 1 } = found.outputs;
    if (isObject(value))
      throw refusal(
        "AccessDeniedException",
        `"${name}" holds a secret, of which the sandbox keeps only a hash`,
      );
    return { ...args, ...{ id: name, arn, name, type, value, version, insecureValue: value } };
  },
};

/** The resources that an id, properties, tags and AWS's filters pick. */
function select(
  resources: readonly SandboxResource[],
  args: Properties,
  { region }: CloudSettings,
): readonly SandboxResource[] {
  const tags = args["tags"];
  return resources.filter(({ id, outputs, region: where }) => {
    if (where !== region) return false;
    const direct = ["cidrBlock", "vpcId", "availabilityZone", "availabilityZoneId", "name"].every(
      (name) => args[name] === undefined || args[name] === outputs[name],
    );
    const byId = args["id"] === undefined || args["id"] === id;
    const own = isObject(outputs["tags"]) ? outputs["tags"] : {};
    const tagged = !isObject(tags) || Object.entries(tags).every(([key, value]) => own[key] === value);
    return (
      direct && byId && tagged && objects(args, "filters").every((filter) => passes(filter, id, outputs, own))
    );
  });
}

function passes(filter: Properties, id: string, outputs: Properties, tags: Properties): boolean {
  const name = text(filter, "name") ?? "";
  const values = texts(filter, "values");
  if (name.startsWith("tag:")) return values.includes(String(tags[name.slice(4)] ?? ""));
  const property = name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  const known: JsonValue | undefined =
    /^(vpc|subnet|group)-id$/.test(name) && outputs[property] === undefined ? id : outputs[property];
  if (known === undefined)
    throw refusal(
      "InvalidParameterValue",
      `the sandbox knows no filter "${name}"; use tags, an id, or a property's name in kebab-case`,
    );
  return values.includes(String(known));
}

function single(what: string, found: readonly SandboxResource[]): Properties {
  const [first, second] = found;
  if (first === undefined) throw refusal("NotFound", `no matching EC2 ${what} found in the sandbox`);
  if (second !== undefined)
    throw refusal(
      "InvalidParameterValue",
      `${found.length} ${what}s match; make the search criteria more specific`,
    );
  return { tags: {}, ...first.outputs, id: first.id, state: "available" };
}

function many(args: Properties, { region }: CloudSettings, found: readonly SandboxResource[]): Properties {
  return { ...args, id: region, region, ids: found.map(({ id }) => id) };
}
