import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { AlertSubscription } from "./alert-topic-args.ts";

/**
 * Checks who is told, before the first child is made.
 *
 * @throws {INVALID_ARGUMENT} a name, an email address or an address is not valid.
 */
export function checkSubscriptions(subscriptions: Readonly<Record<string, AlertSubscription>> = {}): void {
  for (const [name, subscription] of Object.entries(subscriptions)) {
    if (!/^[a-z](-?[a-z0-9])*$/.test(name))
      throw invalidArgument(
        `"${name}" cannot name a subscription: use lower-case letters, digits and single dashes, a letter first`,
        { name },
      );
    if ("email" in subscription && !/^[^\s@]+@[^\s@]+$/.test(subscription.email))
      throw invalidArgument(
        `subscriptions.${name}.email is no email address; give one such as on-call@example.com`,
        {
          name,
        },
      );
    // The address is often a secret, so that the message does not repeat it.
    if (
      "https" in subscription &&
      typeof subscription.https === "string" &&
      !/^https:\/\/./.test(subscription.https)
    )
      throw invalidArgument(
        `subscriptions.${name}.https does not begin with https://; give such an address`,
        {
          name,
        },
      );
  }
}

/** One subscription for each name, and for a function the right to be called. */
export function createSubscriptions(
  context: ComponentContext,
  topic: aws.sns.Topic,
  subscriptions: Readonly<Record<string, AlertSubscription>> = {},
): ReadonlyMap<string, aws.sns.TopicSubscription> {
  return new Map(
    Object.entries(subscriptions).map(([name, subscription]) => {
      if ("functionArn" in subscription) allowCalls(context, topic, name, subscription.functionArn);
      const { deadLetterQueueArn } = subscription;
      const created = new aws.sns.TopicSubscription(
        context.child(`${name}-subscription`),
        {
          topic: topic.arn,
          ...endpointOf(subscription),
          ...(deadLetterQueueArn !== undefined && {
            redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetterQueueArn }),
          }),
        },
        context.options(),
      );
      return [name, created] as const;
    }),
  );
}

function endpointOf(
  subscription: AlertSubscription,
): Pick<aws.sns.TopicSubscriptionArgs, "protocol" | "endpoint"> {
  if ("email" in subscription) return { protocol: "email", endpoint: subscription.email };
  if ("https" in subscription) return { protocol: "https", endpoint: subscription.https };
  if ("queueArn" in subscription) return { protocol: "sqs", endpoint: subscription.queueArn };
  return { protocol: "lambda", endpoint: subscription.functionArn };
}

function allowCalls(
  context: ComponentContext,
  topic: aws.sns.Topic,
  name: string,
  functionArn: pulumi.Input<string>,
): void {
  new aws.lambda.Permission(
    context.child(`${name}-permission`),
    {
      action: "lambda:InvokeFunction",
      function: functionArn,
      principal: "sns.amazonaws.com",
      sourceArn: topic.arn,
    },
    context.options(),
  );
}
