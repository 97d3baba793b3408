import { AlertTopic, Bucket, Certificate, ContainerRegistry, HostedZone } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

/** What the stacks of an environment share: who is told, names and certificates, container images, access logs. */
export default defineStack({
  name: "platform",
  config: z.object({
    preset: z.enum(["dev", "staging", "prod"]),
    /** Its name servers go to the parent zone before the first deployment on a real account. */
    domainName: z.string(),
    alertEmails: z.array(z.email()).default([]),
  }),
  outputs: z.object({
    topicArn: z.string(),
    zoneId: z.string(),
    domainName: z.string(),
    nameServers: z.array(z.string()),
    certificateArn: z.string(),
    repositoryUrl: z.string(),
    accessLogsBucket: z.string(),
  }),
  program: ({ config, tags }) => {
    const { preset, domainName } = config;
    const topic = new AlertTopic("alerts", {
      preset,
      subscriptions: Object.fromEntries(config.alertEmails.map((email, at) => [`mail-${at + 1}`, { email }])),
      tags,
    });
    const zone = new HostedZone("zone", { preset, domainName, tags });
    const certificate = new Certificate("web", {
      domainName,
      alternativeNames: [`*.${domainName}`],
      zone,
      alarms: { topic },
      tags,
    });
    const registry = new ContainerRegistry("service", { preset, tags });
    const accessLogs = new Bucket("access-logs", { preset, receivesAccessLogs: true, tags });
    return {
      topicArn: topic.topicArn,
      zoneId: zone.zoneId,
      domainName,
      nameServers: zone.nameServers,
      certificateArn: certificate.certificateArn,
      repositoryUrl: registry.repositoryUrl,
      accessLogsBucket: accessLogs.bucketName,
    };
  },
});
