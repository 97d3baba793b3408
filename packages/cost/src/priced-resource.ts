import { type ChangeOperation, isSecretMark, isUnknownMark, type JsonValue } from "@groundplane/contracts";

/** Why something has no figure. It never leaves the package: the estimate tells it in words. */
export class NotPriceable extends Error {
  override readonly name = "NotPriceable";
}

export interface ResourceFacts {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly operation: ChangeOperation;
  readonly parent?: string | undefined;
  readonly provider?: string | undefined;
  readonly inputs: Readonly<Record<string, JsonValue>>;
}

function inside(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** A resource as the models read it: what is not known yet, or secret, is never taken for a figure. */
export class PricedResource {
  readonly facts: ResourceFacts;

  constructor(facts: ResourceFacts) {
    this.facts = facts;
  }

  /** The value at a path such as `rootBlockDevice.volumeSize`; undefined when it is not set. */
  value(path: string): JsonValue | undefined {
    let value: JsonValue | undefined = this.facts.inputs;
    for (const key of path.split(".")) {
      value = inside(value, key);
      if (isUnknownMark(value)) throw new NotPriceable(`${path} is known only after the change`);
      if (isSecretMark(value)) throw new NotPriceable(`${path} is a secret`);
      if (value === undefined || value === null) return undefined;
    }
    return value;
  }

  has(path: string): boolean {
    return this.value(path) !== undefined;
  }

  text(path: string, fallback?: string): string {
    const value = this.value(path) ?? fallback;
    if (typeof value === "string" && value !== "") return value;
    throw new NotPriceable(value === undefined ? `${path} is not set` : `${path} is no text`);
  }

  /** The text where it is known by now. */
  knownText(path: string): string | undefined {
    try {
      return this.has(path) ? this.text(path) : undefined;
    } catch (error) {
      if (error instanceof NotPriceable) return undefined;
      throw error;
    }
  }

  number(path: string, fallback?: number): number {
    const value = this.value(path) ?? fallback;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number) && number >= 0) return number;
    throw new NotPriceable(value === undefined ? `${path} is not set` : `${path} is no number of 0 or more`);
  }

  flag(path: string, fallback = false): boolean {
    const value = this.value(path) ?? fallback;
    if (typeof value === "boolean") return value;
    throw new NotPriceable(`${path} is neither true nor false`);
  }

  /** Elements of a list; none when it is not set. */
  list(path: string): readonly JsonValue[] {
    const value = this.value(path) ?? [];
    if (Array.isArray(value)) return value;
    throw new NotPriceable(`${path} is no list`);
  }

  /** The same resource seen from an object inside: `ebsBlockDevices` as resources of their own. */
  parts(path: string): readonly PricedResource[] {
    return this.list(path).map((part) => {
      if (isUnknownMark(part)) throw new NotPriceable(`${path} is known only after the change`);
      const inputs =
        typeof part === "object" && part !== null ? Object.fromEntries(Object.entries(part)) : {};
      return new PricedResource({ ...this.facts, inputs });
    });
  }
}
