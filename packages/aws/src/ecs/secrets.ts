import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { ContainerSecret } from "./container-args.ts";

type SecretSource = pulumi.Input<string> | ContainerSecret;

function isRef(source: SecretSource): source is ContainerSecret {
  return typeof source === "object" && !pulumi.Output.isInstance(source) && !(source instanceof Promise);
}

export function secretArnOf(source: SecretSource): pulumi.Input<string> {
  return isRef(source) ? source.secretArn : source;
}

/**
 * `valueFrom` of a container definition: the ARN, and which value of a JSON.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function valueFrom(source: SecretSource): pulumi.Input<string> {
  if (!isRef(source) || source.key === undefined) return secretArnOf(source);
  return pulumi.interpolate`${source.secretArn}:${source.key}::`;
}

/** The rights to read these secrets. Each action fits the ARNs of its own service alone. */
export function secretStatements(
  secrets: Readonly<Record<string, SecretSource>> = {},
): readonly PolicyStatement[] {
  const sources = Object.values(secrets);
  if (sources.length === 0) return [];
  // A JSON key may hang on an ARN, behind its seven parts.
  const arns = sources.map((source) =>
    pulumi.output(secretArnOf(source)).apply((arn) => arn.split(":").slice(0, 7).join(":")),
  );
  const keys = sources.flatMap((source) =>
    isRef(source) && source.kmsKeyArn !== undefined ? [source.kmsKeyArn] : [],
  );
  return [
    { actions: ["secretsmanager:GetSecretValue", "ssm:GetParameters"], resources: arns },
    ...(keys.length === 0 ? [] : [{ actions: ["kms:Decrypt"], resources: keys }]),
  ];
}
