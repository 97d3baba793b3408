import type { TypeRule } from "../provider/cloud.ts";
import { text, texts } from "../provider/inputs.ts";

/** One record for a name and its wildcard, of a name and a value that stay: the ACM user guide, "DNS validation". */
const certificate: TypeRule = {
  outputs: ({ id, inputs }) => {
    const names = [text(inputs, "domainName") ?? "", ...texts(inputs, "subjectAlternativeNames")];
    if (text(inputs, "validationMethod") !== "DNS") return {};
    const mark = id.slice(-12);
    return {
      domainValidationOptions: [...new Set(names)].map((domainName) => {
        const bare = domainName.replace(/^\*\./, "");
        return {
          domainName,
          resourceRecordName: `_${mark}.${bare}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_${mark}.acm-validations.aws.`,
        };
      }),
    };
  },
};

export const acmRules: Readonly<Record<string, TypeRule>> = {
  "aws:acm/certificate:Certificate": certificate,
};
