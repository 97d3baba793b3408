// The examples of docs/lambda-function.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { Bucket, LambdaFunction } from "../index.ts";

export function start(): LambdaFunction {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const source = 'exports.handler = async (event) => ({ statusCode: 200, body: "hello" });';
  // #region start
  const photos = new Bucket("photos", { preset: "dev", tags });
  const thumbnails = new LambdaFunction("thumbnails", {
    preset: "dev",
    code: {
      kind: "archive",
      archive: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(source) }),
      handler: "index.handler",
      runtime: "nodejs24.x",
    },
    environment: { BUCKET: photos.bucketName },
    statements: [...photos.readStatements("full/"), ...photos.writeStatements("small/")],
    invokers: { photos: { service: "s3.amazonaws.com", sourceArn: photos.bucketArn } },
    tags,
  });
  // #endregion
  return thumbnails;
}

export function canary(): LambdaFunction {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const image = {
    uri: pulumi.output(`123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders@sha256:${"0a".repeat(32)}`),
  };
  const network = {
    vpcId: pulumi.output("vpc-0a1b2c3d4e5f60718"),
    cidrBlock: "10.16.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    isolatedSubnetIds: [],
  };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region canary
  const orders = new LambdaFunction("orders", {
    code: { kind: "image", imageUri: image.uri },
    vpc: { network, reachAnywhere: { reason: "payment provider through NAT" } },
    memoryMiB: 1769,
    timeoutSeconds: 10,
    reservedConcurrency: 50,
    traffic: { version: "41", weight: 0.9 },
    alarms: { topic, thresholds: { errors: 0 } },
    tags,
  });
  // #endregion
  return orders;
}
