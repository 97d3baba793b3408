import { checkOneOf, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkDomainName } from "../hosted-zone/domain-name.ts";
import { checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import { CERTIFICATE_KEYS, type CertificateAlarm, type CertificateArgs } from "./certificate-args.ts";

/** What load balancers and CDNs need of a certificate. */
export interface CertificateRef {
  readonly certificateArn: pulumi.Input<string>;
}

/** The resources of a `Certificate`. */
export interface CertificateNodes {
  readonly certificate: aws.acm.Certificate;
  /** By the name that each proves, without `*.`. */
  readonly records: ReadonlyMap<string, aws.route53.Record>;
  readonly validation: aws.acm.CertificateValidation;
  readonly alarms: ReadonlyMap<CertificateAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A TLS certificate that is proven by DNS, and renewed by AWS for as long as its records stand.
 *
 * Creates, named `${name}-…`: `certificate`; for each name, without `*.`, a record such as `shop-example-com-record`;
 * `validation`, which waits until the certificate is issued; `expiry-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Certificate extends pulumi.ComponentResource implements CertificateRef {
  /** Known once the certificate is issued, so that whoever takes it waits for that. */
  readonly certificateArn: pulumi.Output<string>;
  readonly nodes: CertificateNodes;

  constructor(name: string, args: CertificateArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:Certificate", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const here = args.region === undefined ? {} : { region: args.region };
    const certificate = new aws.acm.Certificate(
      context.child("certificate"),
      {
        domainName: args.domainName,
        ...(args.alternativeNames !== undefined && {
          subjectAlternativeNames: args.alternativeNames.toSorted(),
        }),
        keyAlgorithm: args.keyAlgorithm ?? "EC_prime256v1",
        validationMethod: "DNS",
        tags: context.tags("certificate"),
        ...here,
      },
      context.options(),
    );
    const records = prove(context, args, certificate);
    const validation = new aws.acm.CertificateValidation(
      context.child("validation"),
      {
        certificateArn: certificate.arn,
        validationRecordFqdns: [...records.values()].map(({ fqdn }) => fqdn),
        ...here,
      },
      context.options(),
    );
    this.nodes = { certificate, records, validation, alarms: watchExpiry(context, args, certificate) };
    this.certificateArn = validation.certificateArn;
    this.registerOutputs(this.ref);
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly certificateArn: pulumi.Output<string> } {
    return { certificateArn: this.certificateArn };
  }
}

function validate(name: string, args: CertificateArgs): Tags {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const { domainName, alternativeNames = [], region } = args;
  checkDomainName("domainName", domainName, true);
  for (const one of alternativeNames) checkDomainName("alternativeNames", one, true);
  // 10 names without asking AWS for more: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
  if (alternativeNames.length > 9)
    throw invalidArgument(
      `alternativeNames has ${alternativeNames.length} names; ACM takes 9 besides domainName`,
    );
  const names = [domainName, ...alternativeNames];
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined) throw invalidArgument(`alternativeNames has "${twice}", which is there already`);
  // CN, the first name, has 64 characters at most.
  if (domainName.length > 64)
    throw invalidArgument(
      `domainName has ${domainName.length} characters; ACM takes 64: put a shorter name first`,
    );
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw invalidArgument(`region is "${region}"; give such as us-east-1`);
  checkOneOf("keyAlgorithm", args.keyAlgorithm, CERTIFICATE_KEYS);
  checkAlarms<CertificateAlarm>(["expiry"], args.alarms);
  return tags;
}

/** A name and its wildcard are proven by one record. */
function prove(
  context: ComponentContext,
  { domainName, alternativeNames = [], zone }: CertificateArgs,
  certificate: aws.acm.Certificate,
): ReadonlyMap<string, aws.route53.Record> {
  const bare = (one: string): string => one.replace(/^\*\./, "");
  const names = new Set([domainName, ...alternativeNames].map(bare));
  return new Map(
    [...names].map((name) => {
      const proof = certificate.domainValidationOptions.apply((all) => {
        const found = all.find((option) => bare(option.domainName) === name);
        if (found !== undefined) return found;
        throw invalidArgument(
          `ACM gave no record that proves ${name}; look at the certificate in the console`,
        );
      });
      const record = new aws.route53.Record(
        context.child(`${name.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}-record`),
        {
          zoneId: zone.zoneId,
          name: proof.resourceRecordName,
          type: proof.resourceRecordType,
          records: [proof.resourceRecordValue],
          ttl: 300,
          // Every certificate of an account for one name is proven by the same record.
          allowOverwrite: true,
        },
        context.options(),
      );
      return [name, record] as const;
    }),
  );
}

/** AWS renews 60 days ahead: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
function watchExpiry(
  context: ComponentContext,
  { domainName, region, alarms }: CertificateArgs,
  certificate: aws.acm.Certificate,
): CertificateNodes["alarms"] {
  const spec = {
    id: "expiry",
    description: `The certificate of ${domainName} was not renewed: look whether its records still stand in the zone.`,
    namespace: "AWS/CertificateManager",
    metric: "DaysToExpiry",
    dimensions: { CertificateArn: certificate.arn },
    statistic: "Minimum",
    comparison: "below",
    threshold: 30,
    periodSeconds: 86_400,
    periods: 1,
    noData: "missing",
    ...(region !== undefined && { region }),
  } as const;
  return createAlarms(context, [spec], alarms);
}
