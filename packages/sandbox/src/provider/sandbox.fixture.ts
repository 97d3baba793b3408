import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Properties } from "@groundplane/provider";
import { awsCloud } from "../aws/aws-cloud.ts";
import { Catalog } from "../catalog/catalog.ts";
import { SandboxStore } from "../store/store.ts";
import type { Cloud, Problem } from "./cloud.ts";
import { SandboxProvider } from "./provider.ts";

/** A provider on a store of its own, or on another fixture's, driven as the engine drives it. */
export class SandboxFixture {
  readonly catalog: Catalog;
  readonly folder: string;
  readonly store: SandboxStore;
  readonly provider: SandboxProvider;

  constructor(
    config: Properties = { region: "eu-west-1" },
    cloud: Cloud = awsCloud,
    beside?: SandboxFixture,
  ) {
    this.catalog = new Catalog(cloud.catalogFile);
    this.folder = beside?.folder ?? mkdtempSync(join(tmpdir(), "groundplane-sandbox-"));
    this.store = SandboxStore.open(join(this.folder, "cloud.db"));
    this.provider = new SandboxProvider(cloud, this.catalog, this.store);
    this.provider.configure(config);
  }

  urn(type: string, name: string): string {
    return `urn:pulumi:test::fixture::${type}::${name}`;
  }

  check(type: string, name: string, inputs: Properties, oldInputs: Properties = {}) {
    return this.provider.check({
      urn: this.urn(type, name),
      inputs,
      oldInputs,
      seed: new Uint8Array([1, 2, 3]),
    });
  }

  problems(type: string, inputs: Properties): readonly Problem[] {
    return this.check(type, "it", inputs).problems;
  }

  /** Check, then create. */
  create(type: string, name: string, inputs: Properties) {
    const checked = this.check(type, name, inputs);
    if (checked.problems.length > 0) throw new AggregateError([], JSON.stringify(checked.problems));
    return { ...this.provider.create(this.urn(type, name), checked.inputs, false), inputs: checked.inputs };
  }

  /** Check, then update. */
  update(type: string, name: string, made: ReturnType<SandboxFixture["create"]>, inputs: Properties) {
    const { inputs: checked } = this.check(type, name, inputs, made.inputs);
    const subject = { urn: this.urn(type, name), id: made.id };
    const { outputs } = this.provider.update(subject, made.outputs, checked, false);
    return { id: made.id, outputs, inputs: checked };
  }

  diff(type: string, name: string, made: ReturnType<SandboxFixture["create"]>, inputs: Properties) {
    const { inputs: checked } = this.check(type, name, inputs, made.inputs);
    return this.provider.diff(this.urn(type, name), made.outputs, made.inputs, checked);
  }

  delete(type: string, name: string, made: { readonly id: string; readonly outputs: Properties }): void {
    this.provider.delete({ urn: this.urn(type, name), id: made.id }, made.outputs);
  }

  dispose(): void {
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
