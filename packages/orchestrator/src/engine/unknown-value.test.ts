import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { runtime } from "@pulumi/pulumi";
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskEngineValue } from "./mask.ts";
import { holdsUnknown, withUnknownWords } from "./unknown-value.ts";

test("is the SDK's mark", () => {
  expect(UNKNOWN_TEXT).toBe(runtime.unknownValue);
});

test("tells a text that was built from an unknown value, also in base64 and in capitals", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const text = `${before}${UNKNOWN_TEXT}${after}`;
      expect(holdsUnknown(text)).toBe(true);
      expect(holdsUnknown(text.toUpperCase())).toBe(true);
      expect(holdsUnknown(Buffer.from(text).toString("base64"))).toBe(true);
      expect(holdsUnknown(JSON.stringify({ [before]: text }))).toBe(true);
    }),
  );
});

test("takes nothing else for one", () => {
  fc.assert(fc.property(fc.string(), (text) => !holdsUnknown(text)));
  fc.assert(fc.property(fc.uuid(), (text) => !holdsUnknown(text) && withUnknownWords(text) === text));
});

test("what was built from an unknown value is shown as unknown", () => {
  const arn = `arn:aws:ec2:eu-central-1:1:vpc/${UNKNOWN_TEXT}`;
  expect(maskEngineValue({ arn, plain: "x", list: [arn] })).toEqual({
    arn: { $groundplane: "unknown" },
    plain: "x",
    list: [{ $groundplane: "unknown" }],
  });
  expect(withUnknownWords(`"${arn}" is no id`)).toBe(
    '"arn:aws:ec2:eu-central-1:1:vpc/(known after apply)" is no id',
  );
});

test("an object with a key that is not known is not known", () => {
  expect(maskEngineValue({ tags: { [`kubernetes.io/${UNKNOWN_TEXT}`]: "owned" } })).toEqual({
    tags: { $groundplane: "unknown" },
  });
});
