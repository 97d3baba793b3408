import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import type { Compute } from "../../../../test/recording-mocks.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateArgs } from "./certificate-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

/** ACM, as far as the component reads it. */
export const acm: Compute = ({ type, inputs }) => {
  if (type === "aws:route53/record:Record") return { fqdn: inputs["name"] };
  if (type !== "aws:acm/certificate:Certificate") return {};
  const others = inputs["subjectAlternativeNames"];
  const names = [inputs["domainName"], ...(Array.isArray(others) ? others : [])].map(String);
  return {
    arn: "arn:aws:acm:eu-central-1:123456789012:certificate/1",
    domainValidationOptions: names.map((domainName) => {
      const bare = domainName.replace("*.", "");
      return {
        domainName,
        resourceRecordName: `_1.${bare}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_2.${bare}.acm-validations.aws.`,
      };
    }),
  };
};

/** The table of docs/certificate.md. */
export const argumentEffects: ArgumentEffects<CertificateArgs> = {
  base: { domainName: "a.example.com", zone: { zoneId: "Z1" }, tags },
  create: (args, options) => new Certificate("unit", args, options),
  compute: acm,
  computedExamples: true,
  untaggable: ["aws:acm/certificateValidation:CertificateValidation", "aws:route53/record:Record"],
  changes: {
    domainName: {
      to: "b.example.com",
      effect: {
        replaces: ["certificate", "validation"],
        updates: ["expiry-alarm"],
        creates: ["b-example-com-record"],
        deletes: ["a-example-com-record"],
      },
    },
    alternativeNames: [
      {
        to: ["b.example.com"],
        effect: { replaces: ["certificate", "validation"], creates: ["b-example-com-record"] },
      },
      { to: ["*.a.example.com"], effect: { replaces: ["certificate"] } },
      { to: ["a.example.com"], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    zone: { to: { zoneId: "Z2" }, effect: { replaces: ["a-example-com-record"] } },
    region: {
      to: "us-east-1",
      effect: { replaces: ["certificate", "expiry-alarm", "validation"] },
    },
    keyAlgorithm: { to: "RSA_2048", effect: { replaces: ["certificate"] } },
    alarms: [
      { to: { thresholds: { expiry: 14 } }, effect: { updates: ["expiry-alarm"] } },
      { to: { off: { expiry: { reason: "told elsewhere" } } }, effect: { deletes: ["expiry-alarm"] } },
    ],
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["certificate", "expiry-alarm"] } },
  },
};
