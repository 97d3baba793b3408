import { FargateService, PostgresCluster, Vpc } from "@groundplane/aws";
import * as aws from "@pulumi/aws";

const tags = { Environment: "dev", Project: "shop", Owner: "shop", ManagedBy: "pulumi" };

const network = new Vpc("shop", {
  cidrBlock: "10.16.0.0/16",
  zones: ["eu-central-1a", "eu-central-1b"],
  nat: "single",
  tags,
});

const certificate = new aws.acm.Certificate("shop", {
  domainName: "shop.example.com",
  validationMethod: "DNS",
  tags,
});

const database = new PostgresCluster("shop-db", { preset: "dev", network, databaseName: "shop", tags });

const service = new FargateService("shop-api", {
  preset: "dev",
  vpc: network,
  image: "ghcr.io/acme/shop:1.4.2",
  port: 8080,
  environment: { DATABASE_HOST: database.endpoint },
  secrets: { DATABASE_PASSWORD: { secretArn: database.secretArn, key: "password" } },
  loadBalancer: { certificateArn: certificate.arn, healthPath: "/health" },
  tags,
});

database.letIn("api", service);

export const url = service.loadBalancer?.dnsName;
export const databaseEndpoint = database.endpoint;
