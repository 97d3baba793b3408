import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { acm } from "./argument-effects.fixture.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateArgs } from "./certificate-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const create = (args: Partial<CertificateArgs> = {}) =>
  record(
    (options) =>
      new Certificate(
        "web",
        { domainName: "shop.example.com", zone: { zoneId: "Z1" }, tags, ...args },
        options,
      ),
    acm,
  );

describe("Certificate", () => {
  test("is proven by a record in the zone, and given out once it is issued", async () => {
    const { resources, component } = await create();
    const of = (role: string) => resources.find(({ name }) => name === `web-${role}`)?.inputs;
    expect(of("certificate")).toEqual({
      domainName: "shop.example.com",
      keyAlgorithm: "EC_prime256v1",
      validationMethod: "DNS",
      tags: { ...tags, Name: "web-certificate" },
    });
    expect(of("shop-example-com-record")).toEqual({
      zoneId: "Z1",
      name: "_1.shop.example.com.",
      type: "CNAME",
      records: ["_2.shop.example.com.acm-validations.aws."],
      ttl: 300,
      allowOverwrite: true,
    });
    expect(of("validation")).toEqual({
      certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1",
      validationRecordFqdns: ["_1.shop.example.com."],
    });
    expect(await resolved(component.certificateArn)).toBe(
      await resolved(component.nodes.validation.certificateArn),
    );
  });

  test("has one record for a name and its wildcard", async () => {
    const { resources } = await create({ alternativeNames: ["*.shop.example.com", "api.example.com"] });
    expect(resources.map(({ name }) => name)).toEqual([
      "web",
      "web-api-example-com-record",
      "web-certificate",
      "web-expiry-alarm",
      "web-shop-example-com-record",
      "web-validation",
    ]);
  });

  test("is in another region whole, but for its records", async () => {
    const { resources } = await create({ region: "us-east-1" });
    const regions = resources.map(({ name, inputs }) => [name, inputs["region"]]);
    expect(Object.fromEntries(regions)).toMatchObject({
      "web-certificate": "us-east-1",
      "web-expiry-alarm": "us-east-1",
      "web-shop-example-com-record": undefined,
      "web-validation": "us-east-1",
    });
  });

  test("tells when AWS did not renew it", async () => {
    const { resources } = await create();
    expect(resources.find(({ name }) => name === "web-expiry-alarm")?.inputs).toMatchObject({
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      comparisonOperator: "LessThanThreshold",
      threshold: 30,
    });
  });

  test.each<[Partial<CertificateArgs>, string]>([
    [{ domainName: "Shop.example.com" }, 'domainName is "Shop.example.com"'],
    [{ domainName: "a.*.example.com" }, 'domainName is "a.*.example.com"'],
    [{ domainName: `${"a".repeat(60)}.example.com` }, "ACM takes 64"],
    [{ alternativeNames: ["shop.example.com"] }, "which is there already"],
    [{ alternativeNames: Array.from({ length: 10 }, (_, at) => `n${at}.example.com`) }, "ACM takes 9"],
    [{ region: "Virginia" }, 'region is "Virginia"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
