import { invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { presetOf } from "../preset.ts";
import { checkDomainName } from "./domain-name.ts";
import {
  HOSTED_ZONE_PRESETS,
  type HostedZoneAlarm,
  type HostedZoneArgs,
  type HostedZoneSize,
} from "./hosted-zone-args.ts";
import { logQueries, type QueryLogs } from "./query-logs.ts";
import { signZone, type ZoneSigning } from "./zone-signing.ts";

/** What certificates, services and records need of a zone. */
export interface HostedZoneRef {
  readonly zoneId: pulumi.Input<string>;
}

/** The resources of a `HostedZone`. */
export interface HostedZoneNodes extends ZoneSigning, QueryLogs {
  readonly zone: aws.route53.Zone;
}

/**
 * A DNS zone in Route 53, public or private, signed when asked, with its queries logged.
 *
 * Creates, named `${name}-…`: `zone`; with query logs `query-logs`, `query-logs-policy`, `query-log`; with `dnssec` `key`,
 * `key-signing-key`, `dnssec`, `dnssec-failure-alarm`, `dnssec-keys-alarm`. Keys, logs and alarms are in us-east-1.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class HostedZone extends pulumi.ComponentResource implements HostedZoneRef {
  readonly zoneId: pulumi.Output<string>;
  readonly zoneArn: pulumi.Output<string>;
  readonly domainName: pulumi.Output<string>;
  /** For the parent zone, or the registrar. In an order of Route 53's; of no use where the zone is private. */
  readonly nameServers: pulumi.Output<string[]>;
  /** The DS record for the parent zone, or the registrar. Absent without `dnssec`. */
  readonly dsRecord?: pulumi.Output<string>;
  readonly nodes: HostedZoneNodes;

  constructor(name: string, args: HostedZoneArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:HostedZone", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const account = callerAccount(context);
    const zone = createZone(context, args, size.protect);
    const signing = signZone(context, args, size.protect, account, zone);
    this.nodes = { zone, ...signing, ...logQueries(context, size.queryLogs, account, zone) };
    this.zoneId = zone.zoneId;
    this.zoneArn = zone.arn;
    this.domainName = zone.name;
    this.nameServers = zone.nameServers;
    if (signing.keySigningKey !== undefined) this.dsRecord = signing.keySigningKey.dsRecord;
    const { zoneArn, domainName, nameServers, dsRecord } = this;
    this.registerOutputs({ ...this.ref, zoneArn, domainName, nameServers, ...(dsRecord && { dsRecord }) });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly zoneId: pulumi.Output<string> } {
    return { zoneId: this.zoneId };
  }

  /** Queries to a public zone. Route 53 has the metric in us-east-1. */
  widgets(): readonly DashboardWidget[] {
    const dimensions = { HostedZoneId: this.zoneId };
    return [
      {
        title: "DNS queries",
        metrics: [{ namespace: "AWS/Route53", metric: "DNSQueries", dimensions, statistic: "Sum" }],
        periodSeconds: 300,
      },
    ];
  }
}

function validate(
  name: string,
  args: HostedZoneArgs,
): { readonly tags: Tags; readonly size: HostedZoneSize } {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(HOSTED_ZONE_PRESETS, args.preset);
  checkDomainName("domainName", args.domainName);
  const { vpcs, dnssec, adopt } = args;
  if (vpcs?.length === 0)
    throw invalidArgument(
      "vpcs is empty; give the networks that see the zone, or leave it out for a public zone",
    );
  if (vpcs !== undefined && dnssec === true)
    throw invalidArgument(
      "dnssec is true and vpcs is given; Route 53 signs public zones only: leave one out",
    );
  if (vpcs !== undefined && args.queryLogs !== undefined && args.queryLogs !== "none")
    throw invalidArgument(
      `queryLogs is ${args.queryLogs} and vpcs is given; queries to a private zone are logged by the networks' resolvers`,
    );
  const queryLogs = vpcs === undefined ? (args.queryLogs ?? row.queryLogs) : "none";
  if (queryLogs !== "none") checkRetention("queryLogs", queryLogs);
  checkAlarms<HostedZoneAlarm>(["dnssec-failure", "dnssec-keys"], args.alarms);
  if (adopt !== undefined && !/^Z[A-Z0-9]{1,31}$/.test(adopt.zoneId))
    throw invalidArgument(`adopt.zoneId is "${adopt.zoneId}"; give an id that begins with Z`);
  return { tags, size: { queryLogs, protect: args.protect ?? row.protect } };
}

function createZone(
  context: ComponentContext,
  { domainName, vpcs, adopt }: HostedZoneArgs,
  protect: boolean,
): aws.route53.Zone {
  return new aws.route53.Zone(
    context.child("zone"),
    {
      name: domainName,
      ...(vpcs !== undefined && {
        vpcs: vpcs.map(({ vpcId, region }) => ({
          vpcId,
          ...(region !== undefined && { vpcRegion: region }),
        })),
      }),
      tags: context.tags("zone"),
    },
    context.adopted(adopt?.zoneId, ["comment", "tags"], { protect }),
  );
}
