import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import {
  ACCOUNT_GUARDRAILS_PRESETS,
  type AccountGuardrailsArgs,
  type AccountGuardrailsSize,
  GUARDRAILS,
  type Guardrail,
  type PasswordPolicyArgs,
} from "./account-guardrails-args.ts";
import { createRegionalGuardrails, type RegionalGuardrails } from "./regional-guardrails.ts";

/** The resources of `AccountGuardrails`. */
export interface AccountGuardrailsNodes {
  readonly publicBuckets?: aws.s3.AccountPublicAccessBlock;
  readonly passwordPolicy?: aws.iam.AccountPasswordPolicy;
  /** In the order of `regions`; one without them. */
  readonly regional: readonly RegionalGuardrails[];
}

/**
 * The switches of an account that keep it safe whatever else is deployed into it.
 *
 * Creates, named `${name}-…`: `public-buckets`, `password-policy`; in each region `ebs-encryption`, `public-snapshots`,
 * `public-images`, `instance-metadata`, `serial-console`, `analyzer`; with GuardDuty `detector`; with Security Hub
 * `security-hub`, `best-practices-standard`, `cis-standard`. With `regions` the regional ones end in the region:
 * `analyzer-eu-central-1`. One for each account. Default VPCs are left as they are.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class AccountGuardrails extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  /** In the order of `regions`; empty without the analyzer. */
  readonly analyzerArns: pulumi.Output<string>[];
  /** In the order of `regions`; empty without GuardDuty. */
  readonly detectorIds: pulumi.Output<string>[];
  readonly nodes: AccountGuardrailsNodes;

  constructor(name: string, args: AccountGuardrailsArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size, off, openings } = validate(name, args);
    super("groundplane:aws:AccountGuardrails", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const { accountId, partition, region: home } = callerAccount(context);
    const regional = (args.regions ?? [undefined]).map((region) =>
      createRegionalGuardrails(context, { ...size, region, off, openings, partition, home }),
    );
    this.nodes = { ...createAccountWide(context, off, args.passwordPolicy), regional };
    this.accountId = accountId;
    this.analyzerArns = regional.flatMap(({ analyzer }) => (analyzer === undefined ? [] : [analyzer.arn]));
    this.detectorIds = regional.flatMap(({ detector }) => (detector === undefined ? [] : [detector.id]));
    const { analyzerArns, detectorIds } = this;
    this.registerOutputs({ accountId, analyzerArns, detectorIds });
  }
}

function validate(
  name: string,
  args: AccountGuardrailsArgs,
): {
  readonly tags: Tags;
  readonly size: AccountGuardrailsSize;
  readonly off: ReadonlySet<Guardrail>;
  readonly openings: Readonly<Record<string, string>>;
} {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(ACCOUNT_GUARDRAILS_PRESETS, args.preset);
  for (const guardrail of Object.keys(args.off ?? {})) checkOneOf<string>("off", guardrail, GUARDRAILS);
  const off = GUARDRAILS.filter((guardrail) => args.off?.[guardrail] !== undefined);
  const openings = Object.assign({}, ...off.map((one) => openingTag(`no-${one}`, args.off?.[one])));
  checkRegions(args.regions);
  const { minimumLength, remembered, maxAgeDays } = args.passwordPolicy ?? {};
  checkWhole("passwordPolicy.minimumLength", minimumLength, 14, 128);
  checkWhole("passwordPolicy.remembered", remembered, 1, 24);
  checkWhole("passwordPolicy.maxAgeDays", maxAgeDays, 1, 1095);
  const { guardDuty = row.guardDuty, securityHub = row.securityHub } = args;
  return { tags, size: { guardDuty, securityHub }, off: new Set(off), openings };
}

function checkRegions(regions: readonly string[] | undefined): void {
  if (regions?.length === 0)
    throw invalidArgument("regions is empty; give such as eu-central-1, or leave it out for the provider's");
  const wrong = regions?.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
  if (wrong !== undefined) throw invalidArgument(`regions has "${wrong}"; give such as eu-central-1`);
  const twice = regions?.find((region, at) => regions.indexOf(region) !== at);
  if (twice !== undefined) throw invalidArgument(`regions has "${twice}" twice; give it once`);
}

function createAccountWide(
  context: ComponentContext,
  off: ReadonlySet<Guardrail>,
  { minimumLength = 14, remembered = 24, maxAgeDays }: PasswordPolicyArgs = {},
): Omit<AccountGuardrailsNodes, "regional"> {
  return {
    // CIS AWS Foundations v3.0.0, 2.1.4.
    ...(!off.has("public-buckets") && {
      publicBuckets: new aws.s3.AccountPublicAccessBlock(
        context.child("public-buckets"),
        {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        context.options(),
      ),
    }),
    ...(!off.has("password-policy") && {
      passwordPolicy: new aws.iam.AccountPasswordPolicy(
        context.child("password-policy"),
        {
          allowUsersToChangePassword: true,
          minimumPasswordLength: minimumLength,
          passwordReusePrevention: remembered,
          requireLowercaseCharacters: true,
          requireNumbers: true,
          requireSymbols: true,
          requireUppercaseCharacters: true,
          ...(maxAgeDays !== undefined && { maxPasswordAge: maxAgeDays }),
        },
        context.options(),
      ),
    }),
  };
}
