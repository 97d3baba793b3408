import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { AccountGuardrailsSize, Guardrail } from "./account-guardrails-args.ts";

/** What is switched on in one region; absent is what was left out. */
export interface RegionalGuardrails {
  readonly ebsEncryption?: aws.ebs.EncryptionByDefault;
  readonly publicSnapshots?: aws.ebs.SnapshotBlockPublicAccess;
  readonly publicImages?: aws.ec2.ImageBlockPublicAccess;
  readonly instanceMetadata?: aws.ec2.InstanceMetadataDefaults;
  readonly serialConsole?: aws.ec2.SerialConsoleAccess;
  readonly analyzer?: aws.accessanalyzer.Analyzer;
  readonly detector?: aws.guardduty.Detector;
  readonly securityHub?: aws.securityhub.Account;
  readonly standards: readonly aws.securityhub.StandardsSubscription[];
}

export interface RegionalSpec extends AccountGuardrailsSize {
  /** Undefined: the provider's. */
  readonly region: string | undefined;
  readonly off: ReadonlySet<Guardrail>;
  readonly openings: Readonly<Record<string, string>>;
  readonly partition: pulumi.Output<string>;
  /** The provider's region. */
  readonly home: pulumi.Output<string>;
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html */
const STANDARDS = {
  "best-practices": "aws-foundational-security-best-practices/v/1.0.0",
  cis: "cis-aws-foundations-benchmark/v/3.0.0",
} as const;

export function createRegionalGuardrails(context: ComponentContext, spec: RegionalSpec): RegionalGuardrails {
  const { region, off, openings } = spec;
  const here = region === undefined ? {} : { region };
  const role = (kind: string): string => (region === undefined ? kind : `${kind}-${region}`);
  const child = (kind: string): string => context.child(role(kind));
  const options = context.options();
  return {
    // CIS AWS Foundations v3.0.0, 2.2.1.
    ...(!off.has("ebs-encryption") && {
      ebsEncryption: new aws.ebs.EncryptionByDefault(
        child("ebs-encryption"),
        { enabled: true, ...here },
        options,
      ),
    }),
    // AWS Foundational Security Best Practices EC2.182.
    ...(!off.has("public-snapshots") && {
      publicSnapshots: new aws.ebs.SnapshotBlockPublicAccess(
        child("public-snapshots"),
        { state: "block-all-sharing", ...here },
        options,
      ),
    }),
    ...(!off.has("public-images") && {
      publicImages: new aws.ec2.ImageBlockPublicAccess(
        child("public-images"),
        { state: "block-new-sharing", ...here },
        options,
      ),
    }),
    // Version 2 of the metadata service: CIS AWS Foundations v3.0.0, 5.6. Two hops, for containers.
    ...(!off.has("instance-metadata") && {
      instanceMetadata: new aws.ec2.InstanceMetadataDefaults(
        child("instance-metadata"),
        { httpTokens: "required", httpPutResponseHopLimit: 2, ...here },
        options,
      ),
    }),
    ...(!off.has("serial-console") && {
      serialConsole: new aws.ec2.SerialConsoleAccess(
        child("serial-console"),
        { enabled: false, ...here },
        options,
      ),
    }),
    // CIS AWS Foundations v3.0.0, 1.20.
    ...(!off.has("access-analyzer") && {
      analyzer: new aws.accessanalyzer.Analyzer(
        child("analyzer"),
        {
          analyzerName: child("analyzer"),
          type: "ACCOUNT",
          tags: context.tags(role("analyzer"), openings),
          ...here,
        },
        options,
      ),
    }),
    ...(spec.guardDuty && {
      detector: new aws.guardduty.Detector(
        child("detector"),
        { enable: true, tags: context.tags(role("detector"), openings), ...here },
        options,
      ),
    }),
    ...createSecurityHub(context, spec, child),
  };
}

function createSecurityHub(
  context: ComponentContext,
  { securityHub: wanted, region, partition, home }: RegionalSpec,
  child: (kind: string) => string,
): Pick<RegionalGuardrails, "securityHub" | "standards"> {
  if (!wanted) return { standards: [] };
  const here = region === undefined ? {} : { region };
  const securityHub = new aws.securityhub.Account(
    child("security-hub"),
    // The standards are named one by one below.
    { enableDefaultStandards: false, controlFindingGenerator: "SECURITY_CONTROL", ...here },
    context.options(),
  );
  const standards = Object.entries(STANDARDS).map(
    ([kind, path]) =>
      new aws.securityhub.StandardsSubscription(
        child(`${kind}-standard`),
        {
          standardsArn: pulumi.interpolate`arn:${partition}:securityhub:${region ?? home}::standards/${path}`,
          ...here,
        },
        context.options({ dependsOn: [securityHub] }),
      ),
  );
  return { securityHub, standards };
}
