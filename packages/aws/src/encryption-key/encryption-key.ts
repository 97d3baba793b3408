import { checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { presetOf } from "../preset.ts";
import {
  ENCRYPTION_KEY_PRESETS,
  type EncryptionKeyArgs,
  type EncryptionKeySize,
} from "./encryption-key-args.ts";
import { keyStatements } from "./key-policy.ts";
import { checkServices } from "./key-service.ts";

/** What other components need of a key. */
export interface EncryptionKeyRef {
  /** @format ARN of a KMS key */
  readonly keyArn: pulumi.Input<string>;
}

/** The resources of an `EncryptionKey`. */
export interface EncryptionKeyNodes {
  readonly key: aws.kms.Key;
  readonly alias: aws.kms.Alias;
}

/**
 * A KMS key that renews its material, under an alias, and whose policy keeps administering and using it apart.
 *
 * Creates, named `${name}-…`: `key`, `alias`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class EncryptionKey extends pulumi.ComponentResource implements EncryptionKeyRef {
  readonly keyArn: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;
  readonly aliasName: pulumi.Output<string>;
  readonly nodes: EncryptionKeyNodes;

  constructor(name: string, args: EncryptionKeyArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size, rotationDays } = validate(name, args);
    super("groundplane:aws:EncryptionKey", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const key = new aws.kms.Key(
      context.child("key"),
      {
        description: args.description ?? `Encrypts what belongs to ${name}`,
        enableKeyRotation: true,
        rotationPeriodInDays: rotationDays,
        multiRegion: args.multiRegion ?? false,
        deletionWindowInDays: size.deletionWindowDays,
        policy: policyDocument(keyStatements(args, callerAccount(context))),
        tags: context.tags("key"),
      },
      context.adopted(
        args.adopt?.keyId,
        [
          "description",
          "enableKeyRotation",
          "rotationPeriodInDays",
          "multiRegion",
          "deletionWindowInDays",
          "policy",
          "tags",
        ],
        { protect: size.protect },
      ),
    );
    const alias = new aws.kms.Alias(
      context.child("alias"),
      {
        ...(args.aliasName === undefined ? { namePrefix: `alias/${name}-` } : { name: args.aliasName }),
        targetKeyId: key.keyId,
      },
      context.options(),
    );

    this.nodes = { key, alias };
    this.keyArn = key.arn;
    this.keyId = key.keyId;
    this.aliasName = alias.name;
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, aliasName: this.aliasName });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly keyArn: pulumi.Output<string> } {
    return { keyArn: this.keyArn };
  }

  /** The rights of who encrypts with it. */
  encryptStatements(): readonly PolicyStatement[] {
    return this.#statements("kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey");
  }

  /** The rights of who decrypts with it. */
  decryptStatements(): readonly PolicyStatement[] {
    return this.#statements("kms:Decrypt", "kms:DescribeKey");
  }

  #statements(...actions: readonly string[]): readonly PolicyStatement[] {
    return [{ actions, resources: [this.keyArn] }];
  }
}

function validate(name: string, args: EncryptionKeyArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(ENCRYPTION_KEY_PRESETS, args.preset);
  const size: EncryptionKeySize = {
    deletionWindowDays: args.deletionWindowDays ?? row.deletionWindowDays,
    protect: args.protect ?? row.protect,
  };
  const { aliasName, description, rotationDays = 365 } = args;
  checkWhole("deletionWindowDays", size.deletionWindowDays, 7, 30);
  checkWhole("rotationDays", rotationDays, 90, 2560);
  if (aliasName !== undefined && !/^alias\/(?!aws\/)[\w/-]{1,250}$/.test(aliasName)) {
    throw invalidArgument(
      `aliasName is "${aliasName}"; give alias/ and 1 to 250 letters, digits and _ - /, not beginning with aws/`,
      { aliasName },
    );
  }
  if (description !== undefined && description.length > 8192)
    throw invalidArgument(`description has ${description.length} characters; give at most 8192`);
  for (const list of ["administrators", "users"] as const)
    if (args[list]?.length === 0)
      throw invalidArgument(`${list} is empty; list somebody, or leave it out and let IAM policies decide`);
  checkServices(args.services ?? []);
  if (args.adopt !== undefined && !/^(mrk-)?[0-9a-f-]{32,36}$/.test(args.adopt.keyId))
    throw invalidArgument(`adopt.keyId is "${args.adopt.keyId}"; give the key's id, not its ARN or alias`, {
      keyId: args.adopt.keyId,
    });
  return { tags, size, rotationDays };
}
