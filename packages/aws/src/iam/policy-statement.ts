import * as pulumi from "@pulumi/pulumi";

/** Operator, key, value: `{ StringEquals: { "aws:SourceAccount": accountId } }`. */
export type PolicyConditions = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

/**
 * A statement of an IAM policy as data. Components give out the rights that their users need as such
 * (`bucket.readStatements()`), scoped to what they made; `policyDocument` makes a document of them.
 */
export interface PolicyStatement {
  /** Letters and digits. */
  readonly sid?: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** `s3:GetObject` */
  readonly actions: readonly string[];
  /** ARNs, or `*` where the action knows no resources. Left out of a trust policy. */
  readonly resources?: readonly pulumi.Input<string>[];
  /** Left out of an identity's policy. */
  readonly principals?: Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;
  readonly conditions?: PolicyConditions;
}

/** A policy with these statements, in their order, as an object. */
export function policyObject(statements: readonly PolicyStatement[]) {
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", actions, resources, principals, conditions }) => ({
      ...(sid !== undefined && { Sid: sid }),
      Effect: effect,
      ...(principals !== undefined && { Principal: principals }),
      Action: actions,
      ...(resources !== undefined && { Resource: resources }),
      ...(conditions !== undefined && { Condition: conditions }),
    })),
  };
}

/** The JSON of a policy with these statements, in their order. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify(policyObject(statements));
}

/**
 * Lets a service take a role. Give conditions where the service supports them (`aws:SourceAccount`,
 * `aws:SourceArn`): without them it can be made to act for another account (the confused deputy of the IAM user guide).
 */
export function serviceTrust(service: string, conditions?: PolicyConditions): PolicyStatement {
  return {
    actions: ["sts:AssumeRole"],
    principals: { Service: service },
    ...(conditions !== undefined && { conditions }),
  };
}
