import { isSecretMark, isUnknownMark, type JsonValue } from "@groundplane/contracts";
import { type Unreadable, UnreadableProperty } from "./unreadable-property.ts";

const SECRET = Symbol.for("groundplane.policy.secret");
const RAW = Symbol.for("groundplane.policy.raw");

/** Stands where a secret stands. Comparing it is allowed; reading anything of it makes the rule `not-evaluated`. */
export interface SecretValue {
  readonly [SECRET]: true;
}

export type PropertyValue =
  | string
  | number
  | boolean
  | null
  | readonly PropertyValue[]
  | PropertyMap
  | SecretValue;

export interface PropertyMap {
  readonly [name: string]: PropertyValue | undefined;
}

type JsonObject = Readonly<Record<string, JsonValue>>;

/** Whether a property that a rule read is a secret. */
export function isSecret(value: unknown): value is SecretValue {
  return typeof value === "object" && value !== null && SECRET in value;
}

/** Whether a property that a rule read is an object with properties of its own. */
export function isPropertyMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

const joinPath = (path: string, key: string, inList: boolean): string =>
  inList ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;

function secretValue(path: string): SecretValue {
  const refuse = (): never => {
    throw new UnreadableProperty(path, "secret");
  };
  return new Proxy<SecretValue>(
    { [SECRET]: true },
    { get: (_target, key) => (key === SECRET ? true : refuse()), ownKeys: refuse },
  );
}

function viewOf(value: JsonValue, path: string): PropertyValue {
  if (isSecretMark(value)) return secretValue(path);
  if (isUnknownMark(value)) throw new UnreadableProperty(path, "unknown");
  if (typeof value !== "object" || value === null) return value;
  return viewOfObject(value, path);
}

function viewOfObject<Value extends JsonObject | readonly JsonValue[]>(value: Value, path: string) {
  const inList = Array.isArray(value);
  // A copy, since a proxy must answer with a frozen target's own values and could not wrap them.
  const target: object = inList ? [...value] : { ...value };
  return new Proxy(target, {
    get(_target, key) {
      if (key === RAW) return { value, path };
      const inner: JsonValue | undefined = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key) || (inList && key === "length"))
        return inner;
      return inner === undefined ? undefined : viewOf(inner, joinPath(path, key, inList));
    },
    set: () => false,
    deleteProperty: () => false,
    defineProperty: () => false,
  }) as Value;
}

/** The properties as rules read them: secrets opaque, unknowns throwing, nothing writable. */
export function viewProperties(properties: JsonObject): PropertyMap {
  return viewOfObject(properties, "");
}

/** One place in a resource's properties. */
export class PropertyRef {
  /** Path in the engine's form: `ingress[0].cidrBlocks[1]`. */
  readonly path: string;
  /** Name of the innermost property: `cidrBlocks`. */
  readonly name: string;
  /** Set when the value cannot be read. */
  readonly unreadable: Unreadable | undefined;
  readonly #value: JsonValue | undefined;

  constructor(path: string, value: JsonValue | undefined) {
    this.path = path;
    this.name = path.replace(/(\[\d+\])+$/, "").replace(/^.*\./, "");
    this.unreadable = isSecretMark(value) ? "secret" : isUnknownMark(value) ? "unknown" : undefined;
    this.#value = value;
  }

  /** Undefined when the property is not set. Reading an unknown or a secret makes the rule `not-evaluated`. */
  get value(): PropertyValue | undefined {
    if (this.unreadable) throw new UnreadableProperty(this.path, this.unreadable);
    return this.#value === undefined ? undefined : viewOf(this.#value, this.path);
  }
}

// Those that can be read come first: a rule then reports what is certainly wrong before an unknown stops it.
const readableFirst = (refs: readonly PropertyRef[]): readonly PropertyRef[] => [
  ...refs.filter((ref) => ref.unreadable === undefined),
  ...refs.filter((ref) => ref.unreadable !== undefined),
];

function rawOf(properties: object): { readonly value: JsonValue; readonly path: string } {
  const raw: { value: JsonValue; path: string } | undefined = Reflect.get(properties, RAW);
  return raw ?? { value: JSON.parse(JSON.stringify(properties)), path: "" };
}

const isMark = (value: JsonValue): boolean => isSecretMark(value) || isUnknownMark(value);

const isContainer = (value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] =>
  typeof value === "object" && value !== null && !isMark(value);

/** Every scalar, secret and unknown below `properties`, at any depth. Empty lists and objects have none. */
export function leaves(properties: object): readonly PropertyRef[] {
  const found: PropertyRef[] = [];
  const walk = (value: JsonValue, path: string): void => {
    if (!isContainer(value)) {
      found.push(new PropertyRef(path, value));
      return;
    }
    const inList = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) walk(inner, joinPath(path, key, inList));
  };
  const { value, path } = rawOf(properties);
  walk(value, path);
  return readableFirst(found);
}

/**
 * The places that a path names, in which `[*]` stands for every element of a list: `ebsBlockDevices[*].encrypted`.
 * A property that is not set gives a place without a value; a list that is not set gives none. A single object
 * where a list is expected counts as a list of one. Where the path leads through an unknown or a secret, the
 * place is that one.
 */
export function select(properties: object, path: string): readonly PropertyRef[] {
  const { value: root, path: base } = rawOf(properties);
  let current: PropertyRef[] = [];
  let values: { readonly path: string; readonly value: JsonValue | undefined }[] = [
    { path: base, value: root },
  ];
  for (const step of path.split(/\.|(?=\[\*\])/)) {
    const next: typeof values = [];
    for (const at of values) {
      if (at.value !== undefined && isMark(at.value)) current.push(new PropertyRef(at.path, at.value));
      else if (step === "[*]") next.push(...elementsOf(at));
      else {
        const inner =
          isContainer(at.value) && Object.hasOwn(at.value, step) ? Reflect.get(at.value, step) : undefined;
        next.push({ path: joinPath(at.path, step, false), value: inner });
      }
    }
    values = next;
  }
  current = [...current, ...values.map((at) => new PropertyRef(at.path, at.value))];
  return readableFirst(current);
}

function elementsOf(at: { readonly path: string; readonly value: JsonValue | undefined }) {
  if (at.value === undefined || at.value === null) return [];
  if (!Array.isArray(at.value)) return [at];
  return at.value.map((value: JsonValue, index) => ({ path: `${at.path}[${index}]`, value }));
}
