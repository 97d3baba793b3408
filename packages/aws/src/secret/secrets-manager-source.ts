import { type SecretLocation, type SecretSource, secretInText, unavailable } from "@groundplane/secrets";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Secrets of Secrets Manager: the current version of each, by name or ARN. What runs in AWS should rather be given
 * the ARN, and read the value itself: then it is in no state.
 *
 * @param options the provider to ask with, where it is not the program's own
 */
export function secretsManagerSource(options: pulumi.InvokeOptions = {}): SecretSource {
  return {
    read: async (location) => {
      const { secretString } = await ask(location, options);
      if (!secretString) throw unavailable("secrets-manager", location, "it has no value that is text");
      return secretInText("secrets-manager", location, secretString);
    },
  };
}

async function ask(
  location: SecretLocation,
  options: pulumi.InvokeOptions,
): Promise<aws.secretsmanager.GetSecretVersionResult> {
  try {
    return await aws.secretsmanager.getSecretVersion({ secretId: location.path }, options);
  } catch {
    throw unavailable(
      "secrets-manager",
      location,
      "the provider cannot read it; is it there, has it a value, and may you read it?",
    );
  }
}
