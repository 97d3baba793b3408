import { isPropertyMap, isSecret, type PropertyRef, type PropertyValue } from "./property-view.ts";

/**
 * What a property must be. `not-true` and `not-false` let pass what is not set; an empty text, list or map counts as
 * not set.
 */
export type Expectation =
  | "true"
  | "not-true"
  | "not-false"
  | "set"
  | "unset"
  /** One of these; not being set is none of them. */
  | { readonly oneOf: readonly Scalar[] }
  /** Anything else, or not set. */
  | { readonly noneOf: readonly Scalar[] }
  | { readonly atLeast: number; readonly orUnset?: true }
  | { readonly atMost: number }
  | { readonly matches: RegExp }
  /** Not of this form, or not set. With `orUnknown` a value that comes with the change passes until it is known, in up. */
  | { readonly differsFrom: RegExp; readonly orUnknown?: true }
  /** A list that holds all of these. */
  | { readonly includes: readonly string[] }
  /** A list of at least so many elements. */
  | { readonly items: number };

type Scalar = string | number | boolean;

/**
 * Whether the value at this place is as expected.
 *
 * @throws `UnreadableProperty` where that takes reading an unknown or a secret. That it is set can be told of both.
 */
export function meets(expectation: Expectation, ref: PropertyRef): boolean {
  if (expectation === "set") return ref.unreadable !== undefined || isGiven(ref.value);
  if (expectation === "unset") return ref.unreadable === undefined && !isGiven(ref.value);
  if (ref.unreadable === "unknown" && typeof expectation === "object" && "orUnknown" in expectation)
    return true;
  const { value } = ref;
  if (expectation === "true") return isTrue(value);
  if (expectation === "not-true") return !isTrue(value);
  if (expectation === "not-false") return value !== false && value !== "false";
  if ("oneOf" in expectation) return isOneOf(expectation.oneOf, value);
  if ("noneOf" in expectation) return !isOneOf(expectation.noneOf, value);
  if ("atLeast" in expectation)
    return isGiven(value) ? Number(value) >= expectation.atLeast : expectation.orUnset === true;
  if ("atMost" in expectation) return isGiven(value) && Number(value) <= expectation.atMost;
  if ("matches" in expectation) return isGiven(value) && expectation.matches.test(String(value));
  if ("differsFrom" in expectation) return !isGiven(value) || !expectation.differsFrom.test(String(value));
  if (!Array.isArray(value)) return false;
  if ("items" in expectation) return value.length >= expectation.items;
  return expectation.includes.every((wanted) => value.includes(wanted));
}

/** The expectation in words, after "must be". */
export function wantedText(expectation: Expectation): string {
  if (typeof expectation === "string") return WORDS[expectation];
  if ("oneOf" in expectation) return listed(expectation.oneOf);
  if ("noneOf" in expectation) return `anything but ${listed(expectation.noneOf)}`;
  if ("atLeast" in expectation)
    return `at least ${expectation.atLeast}${expectation.orUnset ? ", or left out" : ""}`;
  if ("atMost" in expectation) return `at most ${expectation.atMost}`;
  if ("matches" in expectation) return `of the form ${expectation.matches.source}`;
  if ("differsFrom" in expectation) return `not of the form ${expectation.differsFrom.source}`;
  if ("items" in expectation) return `a list of at least ${expectation.items}`;
  return `a list with ${expectation.includes.map((one) => JSON.stringify(one)).join(", ")}`;
}

/** The value at this place in words: `multiAz is not set`. */
export function foundText(ref: PropertyRef): string {
  if (ref.unreadable !== undefined) return `${ref.path} is set`;
  const { value } = ref;
  if (!isGiven(value)) return `${ref.path} is ${value === undefined || value === null ? "not set" : "empty"}`;
  return `${ref.path} is ${JSON.stringify(value)}`;
}

const WORDS = {
  true: "true",
  "not-true": "false or left out",
  "not-false": "true or left out",
  set: "set",
  unset: "left out",
} as const;

const listed = (values: readonly Scalar[]): string =>
  values.map((value) => JSON.stringify(value)).join(" or ");

const isTrue = (value: unknown): boolean => value === true || value === "true";

// Some programs give numbers and booleans as text, and the engine's wire does not mind.
const isOneOf = (values: readonly Scalar[], value: unknown): boolean =>
  values.some((one) => value === one || (typeof value !== "object" && String(value) === String(one)));

function isGiven(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.length > 0;
  return !isPropertyMap(value) || Object.keys(value).length > 0;
}
