import { checkWhole, invalidArgument } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import { parseIpv4Block } from "../cidr.ts";
import { type Opening, openingTag } from "../opening.ts";

/** An Application Load Balancer: HTTPS with TLS 1.2 or newer; HTTP is sent there. */
export interface LoadBalancerArgs {
  /** @format ARN of a certificate of ACM, in this region */
  readonly certificateArn: pulumi.Input<string>;
  /** Puts it into the public subnets, open to everyone. Changing it makes another load balancer, with another address. @default - internal */
  readonly public?: Opening;
  /** Who may connect. @format CIDR @default - the VPC; everyone, when it is public */
  readonly clientCidrBlocks?: readonly string[];
  /** What answers when a task is well. @default "/" */
  readonly healthPath?: string;
  /** HTTP codes that mean well: `200`, `200,204` or `200-299`. @default "200-299" */
  readonly healthyCodes?: string;
  /** How long a task may take from its start before its health counts. @minimum 0 @maximum 3600 @default 60 */
  readonly startSeconds?: number;
  /** How long requests may take to end when a task is stopped. @minimum 0 @maximum 3600 @default 30 */
  readonly drainSeconds?: number;
  /** @minimum 1 @maximum 4000 @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** A bucket whose policy lets load balancers of the region write. @default - no access logs */
  readonly accessLogs?: { readonly bucketName: pulumi.Input<string>; readonly prefix?: string };
  /** @default - of the preset: only in prod */
  readonly deletionProtection?: boolean;
}

/**
 * Checks a load balancer.
 *
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 * @throws {INVALID_CIDR} a block is malformed.
 */
export function checkLoadBalancer(args: LoadBalancerArgs): void {
  openingTag("public-load-balancer", args.public);
  for (const block of args.clientCidrBlocks ?? []) {
    if (parseIpv4Block(block).prefix === 0 && args.public === undefined)
      throw invalidArgument(
        `loadBalancer.clientCidrBlocks holds ${block}, which is everyone; give public: { reason }, or name networks`,
        { block },
      );
  }
  if (args.clientCidrBlocks?.length === 0)
    throw invalidArgument("loadBalancer.clientCidrBlocks is empty; name networks, or leave it out");
  if (args.healthPath !== undefined && !/^\/[\x21-\x7e]{0,1023}$/.test(args.healthPath))
    throw invalidArgument(`loadBalancer.healthPath is "${args.healthPath}"; give a path, such as /health`);
  if (args.healthyCodes !== undefined && !/^\d{3}(?:-\d{3}|(?:,\d{3})*)$/.test(args.healthyCodes))
    throw invalidArgument(
      `loadBalancer.healthyCodes is "${args.healthyCodes}"; give 200, 200,204 or 200-299`,
    );
  checkWhole("loadBalancer.startSeconds", args.startSeconds, 0, 3600);
  checkWhole("loadBalancer.drainSeconds", args.drainSeconds, 0, 3600);
  checkWhole("loadBalancer.idleTimeoutSeconds", args.idleTimeoutSeconds, 1, 4000);
}
