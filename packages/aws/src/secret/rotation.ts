import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import type { SecretRotationArgs } from "./secret-args.ts";

/** The resources of a rotation. */
export interface SecretRotationNodes {
  readonly rotation: aws.secretsmanager.SecretRotation;
  readonly rotationPermission: aws.lambda.Permission;
  readonly rotationPolicy: aws.iam.RolePolicy;
}

/** Made here and not by the function, which cannot know a secret that is made after it. */
export function createRotation(
  context: ComponentContext,
  { by, days = 30, atOnce = true }: SecretRotationArgs,
  secret: aws.secretsmanager.Secret,
  keyStatements: readonly PolicyStatement[],
): SecretRotationNodes {
  const rotationPermission = new aws.lambda.Permission(
    context.child("rotation-permission"),
    {
      action: "lambda:InvokeFunction",
      function: by.functionName,
      qualifier: by.aliasName,
      principal: "secretsmanager.amazonaws.com",
      sourceArn: secret.arn,
    },
    context.options(),
  );
  const rotationPolicy = new aws.iam.RolePolicy(
    context.child("rotation-policy"),
    { role: by.roleName, policy: policyDocument([...rotating(secret), ...keyStatements]) },
    context.options(),
  );
  const rotation = new aws.secretsmanager.SecretRotation(
    context.child("rotation"),
    {
      secretId: secret.id,
      rotationLambdaArn: by.aliasArn,
      rotateImmediately: atOnce,
      rotationRules: { automaticallyAfterDays: days },
    },
    // Secrets Manager tries the function when the rotation is made.
    context.options({ dependsOn: [rotationPermission, rotationPolicy] }),
  );
  return { rotation, rotationPermission, rotationPolicy };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html */
function rotating(secret: aws.secretsmanager.Secret): readonly PolicyStatement[] {
  return [
    {
      sid: "RotateSecret",
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      resources: [secret.arn],
    },
  ];
}
