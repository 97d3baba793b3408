import { defineRule, type PropertyRef, type PropertyValue, select } from "@groundplane/policy";
import { ENCRYPTED_TYPES, type EncryptedType } from "./encrypted-types.ts";

export const encryptionAtRest = defineRule({
  id: "encryption-at-rest",
  title: "What holds data is encrypted at rest",
  severity: "high",
  why: "A lost snapshot, a disk that is given back or a copied backup then gives nothing away.",
  remedy: "Turn encryption on where the finding says.",
  source: "AWS Foundational Security Best Practices; the finding names the control of the type",
  appliesTo: [...new Set(ENCRYPTED_TYPES.map((entry) => entry.type))],
  check({ type, props }, report) {
    for (const entry of ENCRYPTED_TYPES) {
      if (entry.type !== type || (entry.unless ?? []).some((property) => isGiven(props[property]))) continue;
      for (const ref of select(props, entry.property)) {
        if (isEncrypted(entry, ref)) continue;
        report(`${describe(ref)}, so its data is not encrypted at rest (${entry.source})`, {
          remedy: entry.remedy,
        });
      }
    }
  },
});

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

function isEncrypted({ mustBe }: EncryptedType, ref: PropertyRef): boolean {
  // That a key will be there is all that is asked: its id is known only after the key is made.
  if (mustBe === "set" && ref.unreadable !== undefined) return true;
  const { value } = ref;
  if (mustBe === "set") return isGiven(value);
  if (mustBe === "true") return value === true || value === "true";
  if (mustBe === "not-false") return value !== false && value !== "false";
  return typeof value === "string" && mustBe.includes(value);
}

const describe = ({
  path,
  value,
}: {
  readonly path: string;
  readonly value: PropertyValue | undefined;
}): string =>
  value === undefined || value === null ? `${path} is not set` : `${path} is ${JSON.stringify(value)}`;
