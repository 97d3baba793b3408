import { checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import { createRotation, type SecretRotationNodes } from "./rotation.ts";
import { SECRET_PRESETS, type SecretArgs, type SecretSize } from "./secret-args.ts";

/** What other components need of a secret: where it is, never what it is. */
export interface SecretRef {
  /** @format ARN of a secret */
  readonly secretArn: pulumi.Input<string>;
}

/** The resources of a `Secret`. */
export interface SecretNodes extends Partial<SecretRotationNodes> {
  readonly secret: aws.secretsmanager.Secret;
  readonly version?: aws.secretsmanager.SecretVersion;
  readonly policy?: aws.secretsmanager.SecretPolicy;
}

/**
 * A secret of Secrets Manager that others take by its ARN, and whose value the program need not know.
 *
 * Creates, named `${name}-…`: `secret`; when asked for, `version` (with `value`), `policy` (with `readers`), and
 * `rotation` with `rotation-permission` and `rotation-policy`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it, and never the value.
 */
export class Secret extends pulumi.ComponentResource implements SecretRef {
  readonly secretArn: pulumi.Output<string>;
  readonly secretName: pulumi.Output<string>;
  readonly nodes: SecretNodes;
  readonly #kmsKeyArn: pulumi.Input<string> | undefined;

  constructor(name: string, args: SecretArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:Secret", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const { adopt } = args;
    const secretName = args.secretName ?? (adopt && adoptedName(adopt.secretArn));
    const secret = new aws.secretsmanager.Secret(
      context.child("secret"),
      {
        ...(secretName !== undefined && { name: secretName }),
        ...(args.description !== undefined && { description: args.description }),
        ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
        recoveryWindowInDays: args.deleteAtOnce === undefined ? size.recoveryWindowDays : 0,
        tags: context.tags("secret", openings(args)),
      },
      context.adopted(adopt?.secretArn, ["description", "kmsKeyId", "recoveryWindowInDays", "tags"], {
        protect: size.protect,
      }),
    );
    this.#kmsKeyArn = args.kmsKeyArn;
    this.secretArn = secret.arn;
    this.secretName = secret.name;
    const key = this.#keyStatements("kms:Decrypt", "kms:GenerateDataKey");
    this.nodes = {
      secret,
      ...createVersion(context, args, secret),
      ...(args.rotation && createRotation(context, args.rotation, secret, key)),
      ...createPolicy(context, args, secret),
    };
    this.registerOutputs({ secretArn: this.secretArn, secretName: this.secretName });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly secretArn: pulumi.Output<string> } {
    return { secretArn: this.secretArn };
  }

  /**
   * How a task definition of ECS names it in `valueFrom`: the whole value, or one field of a value that is JSON.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
   */
  valueFrom(field?: string): pulumi.Output<string> {
    return field === undefined ? this.secretArn : pulumi.interpolate`${this.secretArn}:${field}::`;
  }

  /** The rights of who reads its value. */
  readStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        resources: [this.secretArn],
      },
      ...this.#keyStatements("kms:Decrypt"),
    ];
  }

  /** The rights of who sets its value, and does not read it. */
  writeStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
        resources: [this.secretArn],
      },
      // Secrets Manager decrypts the former value to compare: its user guide, "Secret encryption and decryption".
      ...this.#keyStatements("kms:GenerateDataKey", "kms:Decrypt"),
    ];
  }

  /** The key, and only for this secret. */
  #keyStatements(...actions: readonly string[]): readonly PolicyStatement[] {
    if (this.#kmsKeyArn === undefined) return [];
    return [
      {
        actions,
        resources: [this.#kmsKeyArn],
        conditions: { StringEquals: { "kms:EncryptionContext:SecretARN": this.secretArn } },
      },
    ];
  }
}

function createVersion(
  context: ComponentContext,
  { value }: SecretArgs,
  secret: aws.secretsmanager.Secret,
): Pick<SecretNodes, "version"> {
  if (value === undefined) return {};
  return {
    version: new aws.secretsmanager.SecretVersion(
      context.child("version"),
      // Secret whatever it was: an output that was not marked is marked here.
      { secretId: secret.id, secretString: pulumi.secret(value) },
      context.options(),
    ),
  };
}

function createPolicy(
  context: ComponentContext,
  { readers = [] }: SecretArgs,
  secret: aws.secretsmanager.Secret,
): Pick<SecretNodes, "policy"> {
  if (readers.length === 0) return {};
  const reading: PolicyStatement = {
    sid: "Readers",
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    principals: { AWS: readers },
    resources: [secret.arn],
  };
  return {
    policy: new aws.secretsmanager.SecretPolicy(
      context.child("policy"),
      { secretArn: secret.arn, policy: policyDocument([reading]), blockPublicPolicy: true },
      context.options(),
    ),
  };
}

function openings({ deleteAtOnce }: SecretArgs): Readonly<Record<string, string>> {
  return openingTag("delete-at-once", deleteAtOnce);
}

const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:([\w/+=.@-]+)-[A-Za-z0-9]{6}$/;

/** The name is part of the ARN; without it the name generated by Pulumi would ask for a replacement. */
function adoptedName(secretArn: string): string {
  const name = SECRET_ARN.exec(secretArn)?.[1];
  if (name !== undefined) return name;
  throw invalidArgument(
    `adopt.secretArn is "${secretArn}"; give the secret's whole ARN, with the six characters at its end`,
    { secretArn },
  );
}

function validate(name: string, args: SecretArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(SECRET_PRESETS, args.preset);
  const size: SecretSize = {
    recoveryWindowDays: args.recoveryWindowDays ?? row.recoveryWindowDays,
    protect: args.protect ?? row.protect,
  };
  checkWhole("recoveryWindowDays", size.recoveryWindowDays, 7, 30);
  openings(args);
  const { secretName, value, rotation, adopt } = args;
  // Secrets Manager adds a dash and six characters: a name that ends so makes its short ARN ambiguous.
  if (secretName !== undefined && (!/^[\w/+=.@-]{1,512}$/.test(secretName) || /-[\w]{6}$/.test(secretName)))
    throw invalidArgument(
      `secretName is "${secretName}"; give 1 to 512 letters, digits and / _ + = . @ -, not ending in a dash and six characters`,
      { secretName },
    );
  if (value !== undefined && !pulumi.Output.isInstance(value))
    throw invalidArgument(
      "value is a plain value, which stands in the program; give an output, such as of config.requireSecret",
    );
  if (value !== undefined && rotation !== undefined)
    throw invalidArgument("value and rotation exclude each other: each deployment would undo a rotation");
  checkWhole("rotation.days", rotation?.days, 1, 1000);
  if (adopt !== undefined && secretName !== undefined && secretName !== adoptedName(adopt.secretArn))
    throw invalidArgument(
      `secretName is "${secretName}", and adopt.secretArn is of "${adoptedName(adopt.secretArn)}"; give the same`,
    );
  if (adopt !== undefined) adoptedName(adopt.secretArn);
  return { tags, size };
}
