import { canonicalJson, GroundplaneError, nameOfUrn, typeOfUrn } from "@groundplane/contracts";
import { type Properties, type PropertyDiff, revealProperties, secretTexts } from "@groundplane/provider";
import type { Catalog } from "../catalog/catalog.ts";
import type { ResourceShape } from "../catalog/shape.ts";
import { isSandboxId, SANDBOX_OUTPUT, sandboxIdsIn } from "../marks.ts";
import { sealProperties, unsealProperties } from "../store/seal.ts";
import type { SandboxResource, SandboxStore } from "../store/store.ts";
import { type AutonameRequest, autoname, autonamedProperty, wasAutonamed } from "./autoname.ts";
import { checkInputs, normalise } from "./check.ts";
import type { Cloud, CloudSettings, CloudView, Companion, Problem, RuleContext } from "./cloud.ts";
import { diffInputs } from "./diff.ts";
import { driftedInputs } from "./drift.ts";
import { createdOutputs, plannedOutputs, plannedUpdate } from "./outputs.ts";
import { refusal } from "./refusal.ts";
import { didYouMean } from "./suggest.ts";

export interface CheckRequest {
  readonly urn: string;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
  readonly seed: Uint8Array;
  readonly proposal?: AutonameRequest["proposal"];
}

export interface DiffResult {
  readonly diffs: readonly PropertyDiff[];
  readonly deleteBeforeReplace: boolean;
}

interface Subject {
  readonly urn: string;
  readonly id: string;
}

/** What one provider does, for any cloud: the engine's operations on the store, with the cloud's rules asked in between. */
export class SandboxProvider {
  readonly #cloud: Cloud;
  readonly #catalog: Catalog;
  readonly #store: SandboxStore;
  readonly #view: CloudView;
  #settings: CloudSettings;

  constructor(cloud: Cloud, catalog: Catalog, store: SandboxStore) {
    this.#cloud = cloud;
    this.#catalog = catalog;
    this.#store = store;
    this.#view = {
      list: (type) => store.list({ type }),
      find: (type, id) => this.#find(type, id),
      owners: (value) => store.owners(value),
    };
    this.#settings = cloud.settings({});
  }

  get settings(): CloudSettings {
    return this.#settings;
  }

  checkConfig(inputs: Properties): readonly Problem[] {
    const type = `pulumi:providers:${this.#cloud.name}`;
    const known = Object.keys(this.#catalog.resource(type)?.inputs ?? {});
    return Object.keys(inputs)
      .filter(
        (name) =>
          name !== "version" &&
          name !== "pluginDownloadURL" &&
          !name.startsWith("__") &&
          !known.includes(name),
      )
      .map((name) => ({
        property: name,
        reason: `${type} has no property "${name}".${didYouMean(name, known)}`,
      }));
  }

  configure(config: Properties): void {
    this.#settings = this.#cloud.settings(config);
  }

  /** What lies between two configurations that makes it another provider. */
  diffConfig(before: Properties, after: Properties): readonly PropertyDiff[] {
    return this.#cloud.movesWith
      .filter((name) => before[name] !== undefined && after[name] !== undefined)
      .filter((name) => before[name] !== after[name])
      .map((path) => ({ path, kind: "update", replaces: true, input: true }));
  }

  check({ urn, oldInputs, inputs, seed, proposal }: CheckRequest): {
    readonly inputs: Properties;
    readonly problems: readonly Problem[];
  } {
    const type = typeOfUrn(urn);
    const resource = this.#resource(type);
    const { shapes } = this.#catalog.shard(type);
    const given = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
    const problems = checkInputs(type, given, resource.inputs, shapes);
    if (problems.length > 0) return { inputs, problems };
    const complete = this.#cloud.complete(
      normalise(given, resource.inputs, shapes),
      resource,
      this.#settings,
      type,
    );
    const limits = this.#cloud.autoname(type);
    const property = limits === undefined ? undefined : autonamedProperty(resource);
    const named =
      limits === undefined || property === undefined
        ? { ...complete, __defaults: [] }
        : autoname(complete, property, {
            ...{ logicalName: nameOfUrn(urn), oldInputs, seed, limits },
            ...(proposal === undefined ? {} : { proposal }),
          });
    return { inputs: named, problems: this.#cloud.rule(type).check?.(revealProperties(named)) ?? [] };
  }

  diff(urn: string, outputs: Properties, oldInputs: Properties, inputs: Properties): DiffResult {
    const type = typeOfUrn(urn);
    const resource = this.#resource(type);
    this.#own({ urn, id: "" }, outputs);
    const due = this.#cloud.rule(type).due?.(outputs, inputs) ?? [];
    const diffs: readonly PropertyDiff[] = [
      ...diffInputs(oldInputs, inputs, resource, (name, path) => this.#cloud.replaces(type, name, path)),
      ...due.map((path) => ({ path, kind: "update" as const, replaces: false, input: false })),
    ];
    // A name that the program chose cannot be held by the old one and the new one at once.
    const property = autonamedProperty(resource);
    const keepsName =
      property !== undefined &&
      inputs[property] !== undefined &&
      !wasAutonamed(inputs, property) &&
      !diffs.some(({ path }) => path === property);
    return { diffs, deleteBeforeReplace: keepsName && diffs.some((one) => one.replaces) };
  }

  create(
    urn: string,
    inputs: Properties,
    preview: boolean,
  ): { readonly id: string; readonly outputs: Properties } {
    const type = typeOfUrn(urn);
    const resource = this.#resource(type);
    if (preview)
      return {
        id: "",
        outputs: plannedOutputs(this.#cloud, type, inputs, resource, this.#settings, this.#store.id),
      };
    return this.#store.transaction(() => {
      const rule = this.#cloud.rule(type);
      const start = this.#context(urn, inputs);
      this.#referencesExist(start.inputs);
      const id = rule.id?.(start) ?? this.#cloud.newId(start, resource);
      if (id === "")
        throw refusal(
          "InvalidParameterValue",
          `what ${type} takes over does not exist; name it in its inputs`,
        );
      const context: RuleContext = { ...start, id };
      this.#unique(context);
      rule.validate?.(context);
      if (this.#find(type, id) !== undefined)
        throw refusal(
          "EntityAlreadyExists",
          `${type} "${id}" exists already; import it, or give the new one another name`,
        );
      const outputs = createdOutputs(this.#cloud, context, inputs, resource, this.#store.id);
      this.#put(context, inputs, outputs);
      for (const companion of rule.companions?.(context, revealProperties(outputs)) ?? [])
        this.#putCompanion(context, companion);
      return { id, outputs };
    });
  }

  /**
   * What the engine holds nothing of but the id is taken over from the cloud, as the bridged providers do it: an
   * import, a lookup, or something that an interrupted create left.
   *
   * @param held - the state's outputs, on a refresh; else empty
   * @param inputs - the state's; undefined when something is imported or looked up by its id
   */
  read(
    { urn, id }: Subject,
    held: Properties,
    inputs: Properties | undefined,
  ): { readonly id: string; readonly outputs: Properties; readonly inputs: Properties } {
    const type = typeOfUrn(urn);
    const resource = this.#resource(type);
    const takesOver = Object.keys(held).length === 0;
    if (inputs !== undefined && !takesOver) this.#own({ urn, id }, held);
    const row = this.#find(type, id);
    if (row === undefined) {
      if (takesOver && !isSandboxId(id))
        throw refusal(
          "NotFound",
          `"${id}" is not of the sandbox: it has no ${type} of this id in "${this.#store.path}", and a real cloud is never asked`,
        );
      return { id: "", outputs: {}, inputs: {} };
    }
    const { salt } = this.#store;
    const known = takesOver ? (inputs ?? {}) : held;
    const outputs = unsealProperties(row.outputs, known, salt);
    const base = takesOver || inputs === undefined ? unsealProperties(row.inputs, known, salt) : inputs;
    return { id, outputs, inputs: driftedInputs(row, resource, base, outputs) };
  }

  update(
    { urn, id }: Subject,
    olds: Properties,
    inputs: Properties,
    preview: boolean,
  ): { readonly outputs: Properties } {
    const type = typeOfUrn(urn);
    const resource = this.#resource(type);
    this.#own({ urn, id }, olds);
    return this.#store.transaction(() => {
      const row = this.#existing(type, id);
      const before = unsealProperties(row.outputs, olds, this.#store.salt);
      const secrets = secretTexts(before);
      const context = { ...this.#context(urn, inputs), id, previous: revealProperties(before) };
      const sandbox = this.#store.id;
      if (preview)
        return { outputs: plannedUpdate(this.#cloud, context, inputs, resource, sandbox, secrets) };
      this.#referencesExist(context.inputs);
      this.#unique(context);
      this.#cloud.rule(type).validate?.(context);
      const outputs = createdOutputs(this.#cloud, context, inputs, resource, sandbox, secrets);
      this.#put(context, inputs, outputs);
      return { outputs };
    });
  }

  delete({ urn, id }: Subject, olds: Properties): void {
    const type = typeOfUrn(urn);
    this.#own({ urn, id }, olds);
    this.#store.transaction(() => {
      const row = this.#find(type, id);
      // As a real provider takes "not found" on a delete: it is gone, which is what was asked for.
      if (row === undefined) return;
      const rule = this.#cloud.rule(type);
      if (rule.adopts !== true) this.#release(type, id);
      const previous = revealProperties(unsealProperties(row.outputs, olds, this.#store.salt));
      rule.remove?.({ ...this.#context(urn, row.inputs), id, previous });
      this.#store.delete(type, id, this.#settings.place);
    });
  }

  invoke(
    token: string,
    args: Properties,
  ): { readonly outputs: Properties; readonly problems: readonly Problem[] } {
    const shape = this.#catalog.function(token);
    if (shape === undefined)
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `${token} is no function of the SDK's version ${this.#catalog.version}, which this sandbox stands in for`,
      );
    const { shapes } = this.#catalog.shard(token);
    const problems = checkInputs(token, args, shape.inputs, shapes);
    if (problems.length > 0) return { outputs: {}, problems };
    const plain = revealProperties(normalise(args, shape.inputs, shapes));
    const outputs = this.#cloud.invoke(token, plain, this.#settings, this.#view);
    if (outputs === undefined)
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `the sandbox has no answer for the function ${token}: pass the value in as config for the sandbox, or ask for the function in an issue`,
      );
    return { outputs, problems: [] };
  }

  #find(type: string, id: string): SandboxResource | undefined {
    return this.#store.find(type, id, this.#settings.place);
  }

  #resource(type: string): ResourceShape {
    const resource = this.#catalog.resource(type);
    if (resource !== undefined) return resource;
    const near = didYouMean(type, Object.keys(this.#catalog.shard(type).resources));
    throw new GroundplaneError(
      "SANDBOX_INVALID",
      `${type} is no resource type of the SDK's version ${this.#catalog.version}, which this sandbox stands in for.${near}`,
    );
  }

  #context(urn: string, inputs: Properties): Omit<RuleContext, "id"> {
    const plain = revealProperties(inputs);
    const region = typeof plain["region"] === "string" ? plain["region"] : this.#settings.region;
    return {
      ...{ type: typeOfUrn(urn), urn, logicalName: nameOfUrn(urn), inputs: plain },
      ...{ settings: { ...this.#settings, region }, view: this.#view },
    };
  }

  #put(context: RuleContext, inputs: Properties, outputs: Properties): void {
    const { salt } = this.#store;
    this.#store.put({
      ...{ type: context.type, id: context.id, place: context.settings.place },
      ...{ urn: context.urn, region: context.settings.region },
      ...{ inputs: sealProperties(inputs, salt), outputs: sealProperties(outputs, salt) },
    });
  }

  #putCompanion(owner: RuleContext, { type, id, outputs }: Companion): void {
    const context: RuleContext = { ...owner, type, id, inputs: outputs };
    this.#store.put({
      ...{
        type,
        id,
        place: owner.settings.place,
        urn: "",
        region: owner.settings.region,
        inputs: {},
        owner: { type: owner.type, id: owner.id },
      },
      outputs: createdOutputs(this.#cloud, context, outputs, this.#resource(type), this.#store.id),
    });
  }

  #existing(type: string, id: string): SandboxResource {
    const row = this.#find(type, id);
    if (row === undefined)
      throw refusal(
        "NotFound",
        `${type} "${id}" does not exist any more; \`pulumi refresh\` takes it out of the state`,
      );
    return row;
  }

  /** Refuses state that this sandbox did not write: a real cloud's, or another sandbox's. */
  #own({ urn, id }: Subject, outputs: Properties): void {
    const mark = outputs[SANDBOX_OUTPUT];
    if (mark === this.#store.id) return;
    const what = `${nameOfUrn(urn)}${id === "" ? "" : ` (${id})`}`;
    if (mark === undefined || mark === null)
      throw refusal(
        "NotOfTheSandbox",
        `the state of ${what} is not of the sandbox, and is left alone; run this stack with the real provider, or give the sandbox a stack of its own`,
      );
    throw refusal(
      "AnotherSandbox",
      `the state of ${what} is of another sandbox (${String(mark)}) than "${this.#store.path}" (${this.#store.id}); set GROUNDPLANE_SANDBOX_DB to that one's file, or remove the stack with \`pulumi stack rm --force\` where the file is gone`,
    );
  }

  #referencesExist(inputs: Properties): void {
    // `…:*` is what the resource holds, such as a log group's streams.
    for (const { path, value } of sandboxIdsIn(inputs))
      if (this.#store.owners(value.replace(/:\*$/, "")).length === 0) throw this.#cloud.notFound(value, path);
  }

  #unique({ type, id, inputs, previous, settings }: RuleContext): void {
    for (const key of this.#cloud.rule(type).unique ?? []) {
      const values = key.of.map((name) => inputs[name] ?? null);
      if (values.every((value) => value === null)) continue;
      const taken = this.#store.list({ type }).some(
        (other) =>
          // On create the name itself may be the id.
          (previous === undefined || other.id !== id) &&
          other.place === settings.place &&
          (key.scope === "account" || other.region === settings.region) &&
          canonicalJson(key.of.map((name) => other.outputs[name] ?? null)) === canonicalJson(values),
      );
      if (taken) throw refusal(key.code, key.message(inputs));
    }
  }

  /** Sees to what still names a resource that is to be deleted. */
  #release(type: string, id: string): void {
    const rule = this.#cloud.rule(type);
    for (const referrer of this.#store.referrers(type, id, this.#settings.place)) {
      const effect = rule.deletion?.(referrer) ?? this.#cloud.deletion(type, referrer);
      if (effect === "blocks") throw this.#cloud.inUse(type, id, `${referrer.type} ${referrer.id}`);
      if (effect === "goes") this.#store.delete(referrer.type, referrer.id, referrer.place);
    }
  }
}
