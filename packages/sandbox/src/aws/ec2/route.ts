import { createHash } from "node:crypto";
import type { Properties } from "@groundplane/provider";
import { mintId } from "../../marks.ts";
import type { RuleContext, TypeRule } from "../../provider/cloud.ts";
import { objects, text } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";
import { cidrProblems, SUBNET, vpcOf } from "./address-space.ts";
import { INTERNET_GATEWAY, internetGatewayOf } from "./gateway.ts";

const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;
const TARGETS = [
  ...[
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
  ],
  ...["networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"],
];

function destinationOf(route: Properties): string | undefined {
  for (const name of [...DESTINATIONS, "cidrBlock", "ipv6CidrBlock"]) {
    const value = text(route, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function requireGatewayOfSameNetwork(
  { view }: RuleContext,
  tableId: string,
  gatewayId: string | undefined,
): void {
  const vpcId = text(view.find(TABLE, tableId)?.outputs ?? {}, "vpcId");
  if (gatewayId === undefined || vpcId === undefined || view.find(INTERNET_GATEWAY, gatewayId) === undefined)
    return;
  if (internetGatewayOf(view, vpcId) !== gatewayId)
    throw refusal(
      "InvalidParameterValue",
      `route table ${tableId} and network gateway ${gatewayId} belong to different networks`,
    );
}

const route: TypeRule = {
  // The form of the provider: the table, and a hash of the destination.
  id: ({ inputs }) => {
    const hash = createHash("sha256")
      .update(destinationOf(inputs) ?? "")
      .digest()
      .readUInt32BE();
    return `r-${text(inputs, "routeTableId") ?? ""}${hash}`;
  },
  check: (inputs) => {
    const given = (names: readonly string[]) => names.filter((name) => inputs[name] !== undefined);
    const [destinations, targets] = [given(DESTINATIONS), given(TARGETS)];
    return [
      ...cidrProblems(inputs, "destinationCidrBlock", "destinationIpv6CidrBlock"),
      ...(destinations.length === 1
        ? []
        : [
            {
              property: "destinationCidrBlock",
              reason: `a route has exactly one of ${DESTINATIONS.join(", ")}`,
            },
          ]),
      ...(targets.length === 1
        ? []
        : [{ property: "gatewayId", reason: `a route has exactly one of ${TARGETS.join(", ")}` }]),
    ];
  },
  validate: (context) => {
    const { id, inputs, previous, view } = context;
    const table = text(inputs, "routeTableId");
    const destination = destinationOf(inputs);
    if (table === undefined || destination === undefined) return;
    const taken =
      view
        .list(ROUTE)
        .some(
          (one) =>
            (previous === undefined || one.id !== id) &&
            one.outputs["routeTableId"] === table &&
            destinationOf(one.outputs) === destination,
        ) ||
      objects(view.find(TABLE, table)?.inputs ?? {}, "routes").some(
        (one) => destinationOf(one) === destination,
      ) ||
      destination ===
        text(vpcOf(view, text(view.find(TABLE, table)?.outputs ?? {}, "vpcId")) ?? {}, "cidrBlock");
    if (taken)
      throw refusal(
        "RouteAlreadyExists",
        `The route identified by ${destination} already exists in ${table}.`,
      );
    requireGatewayOfSameNetwork(context, table, text(inputs, "gatewayId"));
  },
  outputs: () => ({ origin: "CreateRoute", state: "active" }),
};

const table: TypeRule = {
  check: (inputs) => {
    const destinations = objects(inputs, "routes").flatMap((one) => destinationOf(one) ?? []);
    return destinations
      .filter((one, at) => destinations.indexOf(one) !== at)
      .map((one) => ({ property: "routes", reason: `two routes go to ${one}` }));
  },
  validate: (context) => {
    for (const one of objects(context.inputs, "routes")) {
      const [gateway, vpcId] = [text(one, "gatewayId"), text(context.inputs, "vpcId")];
      if (
        gateway === undefined ||
        vpcId === undefined ||
        context.view.find(INTERNET_GATEWAY, gateway) === undefined
      )
        continue;
      if (internetGatewayOf(context.view, vpcId) !== gateway)
        throw refusal(
          "InvalidParameterValue",
          `route table and network gateway ${gateway} belong to different networks`,
        );
    }
  },
  deletion: ({ type }) => (type === ROUTE ? "goes" : /:VpcEndpoint\w*$/.test(type) ? "stays" : "blocks"),
  updates: {
    routes: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table",
  },
};

const defaultTable: TypeRule = {
  adopts: true,
  id: ({ inputs }) => text(inputs, "defaultRouteTableId") ?? "",
  outputs: ({ inputs, view }) => ({
    vpcId: view.find(TABLE, text(inputs, "defaultRouteTableId") ?? "")?.outputs["vpcId"] ?? "",
  }),
};

const association: TypeRule = {
  id: () => mintId("rtbassoc"),
  check: (inputs) =>
    (inputs["subnetId"] === undefined) === (inputs["gatewayId"] === undefined)
      ? [{ property: "subnetId", reason: "an association has either subnetId or gatewayId" }]
      : [],
  validate: ({ id, inputs, view }) => {
    const subnet = text(inputs, "subnetId");
    if (subnet === undefined) return;
    const other = view.list(ASSOCIATION).find((one) => one.id !== id && one.outputs["subnetId"] === subnet);
    if (other !== undefined)
      throw refusal(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${String(inputs["routeTableId"])} conflicts with an existing association (${other.id} of ${subnet})`,
      );
    const vpcs = [view.find(SUBNET, subnet), view.find(TABLE, text(inputs, "routeTableId") ?? "")].map(
      (one) => one?.outputs["vpcId"],
    );
    if (vpcs[0] !== undefined && vpcs[1] !== undefined && vpcs[0] !== vpcs[1])
      throw refusal(
        "InvalidParameterValue",
        `route table ${String(inputs["routeTableId"])} and subnet ${subnet} belong to different networks`,
      );
  },
  // ReplaceRouteTableAssociation moves it, without a moment with none.
  updates: {
    routeTableId:
      "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html",
  },
};

export const routeRules: Readonly<Record<string, TypeRule>> = {
  [TABLE]: table,
  [ROUTE]: route,
  [ASSOCIATION]: association,
  "aws:ec2/defaultRouteTable:DefaultRouteTable": defaultTable,
};
