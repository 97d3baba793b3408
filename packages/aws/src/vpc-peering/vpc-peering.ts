import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ipv4Overlaps, parseIpv4Block } from "../cidr.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { PeeredVpc } from "../vpc/peered-vpc.ts";
import type { AcceptingVpc, VpcPeeringArgs } from "./vpc-peering-args.ts";

/** The resources of a `VpcPeering`. */
export interface VpcPeeringNodes {
  readonly connection: aws.ec2.VpcPeeringConnection;
  /** Only between regions or accounts: otherwise the connection accepts itself. */
  readonly accepter?: aws.ec2.VpcPeeringConnectionAccepter;
  /** By end and route table: `requester-private-a`. */
  readonly routes: ReadonlyMap<string, aws.ec2.Route>;
}

/**
 * Two VPCs that reach each other by private addresses, with the routes at both ends.
 *
 * Creates, named `${name}-…`: `connection`; between regions or accounts `accepter`; `requester-dns`, `accepter-dns`;
 * for each route table `requester-private-a-route` and its like.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_CIDR} a block is malformed.
 * @throws {INVALID_ARGUMENT} the blocks overlap, or another argument is not valid; the message names it.
 */
export class VpcPeering extends pulumi.ComponentResource {
  readonly peeringConnectionId: pulumi.Output<string>;
  readonly nodes: VpcPeeringNodes;

  constructor(name: string, args: VpcPeeringArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:VpcPeering", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const connection = connect(context, args);
    const accepter = accept(context, args.accepter, connection);
    // Only what is accepted can be given options and routes.
    this.peeringConnectionId = (accepter ?? connection).id;
    if (args.dnsResolution ?? true) resolveNames(context, args.accepter, this.peeringConnectionId);
    const { requester } = args;
    const routes = new Map([
      ...route(context, "requester", requester, args.accepter, this.peeringConnectionId, {}),
      ...route(context, "accepter", args.accepter, requester, this.peeringConnectionId, args.accepter),
    ]);
    this.nodes = { connection, ...(accepter && { accepter }), routes };
    this.registerOutputs(this.ref);
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly peeringConnectionId: pulumi.Output<string> } {
    return { peeringConnectionId: this.peeringConnectionId };
  }
}

function validate(name: string, { requester, accepter, tags }: VpcPeeringArgs) {
  checkComponentName(name);
  const parsed = parseComponentTags(tags);
  checkEnd("requester", requester);
  checkEnd("accepter", accepter);
  if (ipv4Overlaps(parseIpv4Block(requester.cidrBlock), parseIpv4Block(accepter.cidrBlock)))
    throw invalidArgument(
      `requester has ${requester.cidrBlock} and accepter ${accepter.cidrBlock}, which overlap: AWS peers no such VPCs; give one of them another block`,
      { requester: requester.cidrBlock, accepter: accepter.cidrBlock },
    );
  if (accepter.region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(accepter.region))
    throw invalidArgument(`accepter.region is "${accepter.region}"; give a region such as eu-west-1`);
  return parsed;
}

function checkEnd(end: string, { routeTableIds }: PeeredVpc): void {
  const names = Object.keys(routeTableIds);
  if (names.length === 0)
    throw invalidArgument(
      `${end}.routeTableIds is empty: nothing would find the way; give at least one table`,
    );
  const wrong = names.find((name) => !/^[a-z](-?[a-z0-9])*$/.test(name));
  if (wrong !== undefined)
    throw invalidArgument(
      `${end}.routeTableIds has "${wrong}"; use lower-case letters, digits and single dashes, a letter first`,
    );
}

const elsewhere = ({ region, account }: AcceptingVpc): boolean =>
  region !== undefined || account !== undefined;

/** The region and provider of what is at the accepting end. */
function at({ region, account }: Pick<AcceptingVpc, "region" | "account">) {
  return {
    inputs: region === undefined ? {} : { region },
    options: account === undefined ? {} : { provider: account.provider },
  };
}

function connect(
  context: ComponentContext,
  { requester, accepter }: VpcPeeringArgs,
): aws.ec2.VpcPeeringConnection {
  return new aws.ec2.VpcPeeringConnection(
    context.child("connection"),
    {
      vpcId: requester.vpcId,
      peerVpcId: accepter.vpcId,
      ...(accepter.region !== undefined && { peerRegion: accepter.region }),
      ...(accepter.account !== undefined && { peerOwnerId: accepter.account.accountId }),
      autoAccept: !elsewhere(accepter),
      tags: context.tags("connection"),
    },
    context.options(),
  );
}

function accept(
  context: ComponentContext,
  accepter: AcceptingVpc,
  { id }: aws.ec2.VpcPeeringConnection,
): aws.ec2.VpcPeeringConnectionAccepter | undefined {
  if (!elsewhere(accepter)) return undefined;
  const { inputs, options } = at(accepter);
  return new aws.ec2.VpcPeeringConnectionAccepter(
    context.child("accepter"),
    { vpcPeeringConnectionId: id, autoAccept: true, ...inputs, tags: context.tags("accepter") },
    context.options(options),
  );
}

/** Each end decides for itself, and may be asked in its own region and account only. */
function resolveNames(
  context: ComponentContext,
  accepter: AcceptingVpc,
  vpcPeeringConnectionId: pulumi.Output<string>,
): void {
  const allowed = { allowRemoteVpcDnsResolution: true };
  const requesting = new aws.ec2.PeeringConnectionOptions(
    context.child("requester-dns"),
    { vpcPeeringConnectionId, requester: allowed },
    context.options(),
  );
  const { inputs, options } = at(accepter);
  new aws.ec2.PeeringConnectionOptions(
    context.child("accepter-dns"),
    { vpcPeeringConnectionId, accepter: allowed, ...inputs },
    // Both change the same connection, which takes one change at a time.
    context.options({ ...options, dependsOn: [requesting] }),
  );
}

function route(
  context: ComponentContext,
  end: "requester" | "accepter",
  from: PeeredVpc,
  to: PeeredVpc,
  vpcPeeringConnectionId: pulumi.Output<string>,
  place: Pick<AcceptingVpc, "region" | "account">,
): readonly (readonly [string, aws.ec2.Route])[] {
  const { inputs, options } = at(place);
  return Object.entries(from.routeTableIds).map(([table, routeTableId]) => {
    const key = `${end}-${table}`;
    const created = new aws.ec2.Route(
      context.child(`${key}-route`),
      { routeTableId, destinationCidrBlock: to.cidrBlock, vpcPeeringConnectionId, ...inputs },
      context.options(options),
    );
    return [key, created] as const;
  });
}
