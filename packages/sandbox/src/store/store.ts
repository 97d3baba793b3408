import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { GroundplaneError, type JsonValue, nameOfUrn } from "@groundplane/contracts";
import type { Properties } from "@groundplane/provider";
import { z } from "zod";
import { sandboxIdsIn } from "../marks.ts";
import { parsePath, withValueAt } from "../wire/property-path.ts";
import { type Fault, type FaultArgs, type FaultOperation, matchesGlob, parseFault } from "./fault.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { isSealed } from "./seal.ts";

/** One thing that exists in the sandbox. Secrets in it are salted hashes. */
export interface SandboxResource {
  readonly type: string;
  readonly id: string;
  /** Where its id is unique, such as a hypervisor. Empty where the whole cloud is one place. */
  readonly place: string;
  /** Of the Pulumi resource that made it. Empty for what the cloud made by itself, such as a VPC's default route table. */
  readonly urn: string;
  readonly region: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** The outputs as the provider wrote them last: what differs from `outputs` has drifted. */
  readonly written: Properties;
  /** What it came along with, and goes with. */
  readonly owner?: { readonly type: string; readonly id: string };
  readonly created: string;
  readonly updated: string;
}

export interface SandboxReference {
  readonly type: string;
  readonly id: string;
  readonly place: string;
  /** Where in its inputs. */
  readonly path: string;
}

const rowSchema = z.object({
  type: z.string(),
  id: z.string(),
  place: z.string(),
  urn: z.string(),
  region: z.string(),
  inputs: z.string(),
  outputs: z.string(),
  written: z.string(),
  owner_type: z.string().nullable(),
  owner_id: z.string().nullable(),
  created: z.string(),
  updated: z.string(),
});
const referenceSchema = z.object({ type: z.string(), id: z.string(), place: z.string(), path: z.string() });
const faultRowSchema = z.object({
  id: z.number(),
  type: z.string(),
  operation: z.enum(["check", "diff", "create", "read", "update", "delete", "invoke", "*"]),
  moment: z.enum(["before", "after"]),
  delay_ms: z.number(),
  error: z.string().nullable(),
  hang: z.number(),
  remaining: z.number().nullable(),
});

/** How a fault hangs, by the number that stands for it in the table. */
const HANG_COLUMN: readonly (boolean | "forever")[] = [false, true, "forever"];

/**
 * A sandbox's cloud: one SQLite file. Several processes may have it open at once; each change is one transaction.
 */
export class SandboxStore {
  /** Absolute path of the file. */
  readonly path: string;
  /** Random, made with the file: state of one sandbox is not taken for state of another. */
  readonly id: string;
  /** Of the hashes that stand for secrets. */
  readonly salt: string;
  readonly #database: DatabaseSync;

  private constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
    const { id, salt } = this.transaction(() => this.#initialise());
    this.id = id;
    this.salt = salt;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws {SANDBOX_INVALID} where the file is no sandbox database, or one of another version
   */
  static open(path: string): SandboxStore {
    const absolute = resolve(path);
    try {
      mkdirSync(dirname(absolute), { recursive: true });
      const database = new DatabaseSync(absolute);
      // The wait comes first: switching to WAL itself needs the lock when two processes open a new file.
      database.exec("PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
      return new SandboxStore(absolute, database);
    } catch (cause) {
      if (cause instanceof GroundplaneError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `"${absolute}" cannot be opened as a sandbox database: ${reason}`,
        {
          cause,
        },
      );
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Runs all of it or nothing of it, with no other process writing in between. */
  transaction<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** What exists, by type glob, oldest first. */
  list(filter: { readonly type?: string } = {}): readonly SandboxResource[] {
    const exact = filter.type !== undefined && !filter.type.includes("*") ? filter.type : undefined;
    const resources =
      exact === undefined
        ? this.#rows("SELECT * FROM resources ORDER BY created, rowid")
        : this.#rows("SELECT * FROM resources WHERE type = ? ORDER BY created, rowid", exact);
    const glob = exact === undefined ? filter.type : undefined;
    return glob === undefined ? resources : resources.filter(({ type }) => matchesGlob(glob, type));
  }

  find(type: string, id: string, place = ""): SandboxResource | undefined {
    return this.#rows("SELECT * FROM resources WHERE type = ? AND id = ? AND place = ?", type, id, place)[0];
  }

  /**
   * Everything with this id or URN. More than one where a resource adopts another one, as DefaultSecurityGroup does,
   * or where two places have the same id.
   */
  get(id: string): readonly SandboxResource[] {
    return this.#rows("SELECT * FROM resources WHERE id = ?1 OR urn = ?1 ORDER BY created, rowid", id);
  }

  /** Writes it as a provider does: what it holds now is what was asked for. */
  put(
    resource: Omit<SandboxResource, "place" | "written" | "created" | "updated"> & {
      /** @default "" */
      readonly place?: string;
    },
  ): void {
    this.#write({ place: "", ...resource, written: resource.outputs });
  }

  #write(resource: Omit<SandboxResource, "created" | "updated">): void {
    const now = new Date().toISOString();
    const { type, id, place, urn, region, inputs, outputs, written, owner } = resource;
    this.#run(
      `INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (type, id, place) DO UPDATE SET urn = excluded.urn, region = excluded.region, inputs = excluded.inputs,
         outputs = excluded.outputs, written = excluded.written, updated = excluded.updated`,
      ...[
        type,
        id,
        place,
        urn,
        region,
        JSON.stringify(inputs),
        JSON.stringify(outputs),
        JSON.stringify(written),
      ],
      ...[owner?.type ?? null, owner?.id ?? null, now, now],
    );
    this.#reindex(resource);
  }

  /** Removes it and what came along with it. */
  delete(type: string, id: string, place = ""): void {
    const parts = "SELECT * FROM resources WHERE owner_type = ? AND owner_id = ? AND place = ?";
    for (const part of this.#rows(parts, type, id, place)) this.delete(part.type, part.id, place);
    for (const table of ["resources", "names", "refs"])
      this.#run(`DELETE FROM ${table} WHERE type = ? AND id = ? AND place = ?`, type, id, place);
  }

  /** The resources that an id or ARN is of. */
  owners(value: string): readonly SandboxResource[] {
    return this.#rows(
      "SELECT r.* FROM names n JOIN resources r ON r.type = n.type AND r.id = n.id AND r.place = n.place WHERE n.value = ? ORDER BY r.created",
      value,
    );
  }

  /** What names this resource, by its id, its ARN, or another id of its outputs. */
  referrers(type: string, id: string, place = ""): readonly SandboxReference[] {
    return this.#all(
      `SELECT DISTINCT f.type, f.id, f.place, f.path FROM refs f JOIN names n ON n.value = f.value
       WHERE n.type = ? AND n.id = ? AND n.place = ? AND NOT (f.type = n.type AND f.id = n.id AND f.place = n.place)`,
      [type, id, place],
      referenceSchema,
    );
  }

  /**
   * Changes one property behind Pulumi's back: drift. An undefined value removes it.
   *
   * @param id - or URN
   * @throws {SANDBOX_INVALID} where nothing has this id, two places have it, or the property is a secret's hash
   */
  set(id: string, path: string, value: JsonValue | undefined): SandboxResource {
    const segments = parsePath(path);
    return this.transaction(() => {
      const resource = this.#only(id);
      const [first = ""] = segments;
      const old = resource.outputs[first];
      if (isSealed(old) && segments.length > 1)
        throw new GroundplaneError("SANDBOX_INVALID", `"${first}" of ${id} is a secret: set it as a whole`);
      let outputs = withValueAt(resource.outputs, segments, value);
      // The cloud keeps one set of tags; the state shows it twice.
      if (first === "tags" && "tagsAll" in outputs)
        outputs = withValueAt(outputs, ["tagsAll", ...segments.slice(1)], value);
      this.#write({ ...resource, outputs });
      return { ...resource, outputs };
    });
  }

  /**
   * Removes it behind Pulumi's back, with what came along with it. None of the cloud's rules are asked.
   *
   * @param id - or URN
   * @throws {SANDBOX_INVALID} where nothing has this id, or two places have it
   */
  remove(id: string): void {
    this.transaction(() => {
      const { type, id: own, place } = this.#only(id);
      this.delete(type, own, place);
    });
  }

  /** One line for each thing, for a person. */
  describe(): readonly {
    readonly type: string;
    readonly id: string;
    readonly name: string;
    readonly region: string;
  }[] {
    return this.list().map(({ type, id, urn, region, owner }) => ({
      type,
      id,
      name: urn === "" ? `(came with ${owner?.id ?? "the account"})` : nameOfUrn(urn),
      region,
    }));
  }

  /**
   * @throws {SANDBOX_INVALID} where the fault does nothing or a field is out of bounds
   */
  addFault(args: FaultArgs): Fault {
    const { type, operation, moment, delayMs, error, hang, times } = parseFault(args);
    const { lastInsertRowid } = this.#run(
      "INSERT INTO faults (type, operation, moment, delay_ms, error, hang, remaining) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[type, operation, moment, delayMs, error ?? null, HANG_COLUMN.indexOf(hang), times ?? null],
    );
    return {
      ...{ id: Number(lastInsertRowid), type, operation, moment, delayMs, hang },
      ...(error === undefined ? {} : { error }),
      ...(times === undefined ? {} : { remaining: times }),
    };
  }

  faults(): readonly Fault[] {
    return this.#all("SELECT * FROM faults ORDER BY id", [], faultRowSchema).map((row) => ({
      ...{ id: row.id, type: row.type, operation: row.operation, moment: row.moment },
      ...{ delayMs: row.delay_ms, hang: HANG_COLUMN[row.hang] ?? false },
      ...(row.error === null ? {} : { error: row.error }),
      ...(row.remaining === null ? {} : { remaining: row.remaining }),
    }));
  }

  /** Clears one fault, or all. */
  clearFaults(id?: number): void {
    if (id === undefined) this.#run("DELETE FROM faults");
    else this.#run("DELETE FROM faults WHERE id = ?", id);
  }

  /** The faults that strike this operation now; each one's count goes down by one. */
  strike(type: string, operation: FaultOperation): readonly Fault[] {
    // Most runs have no faults, and a write lock for each operation would serialise them.
    if (this.#all("SELECT id FROM faults LIMIT 1", [], z.object({ id: z.number() })).length === 0) return [];
    return this.transaction(() => {
      const struck = this.faults().filter(
        (fault) =>
          (fault.operation === "*" || fault.operation === operation) &&
          matchesGlob(fault.type, type) &&
          (fault.remaining ?? 1) > 0,
      );
      for (const { id } of struck)
        this.#run("UPDATE faults SET remaining = remaining - 1 WHERE id = ? AND remaining > 0", id);
      return struck;
    });
  }

  #only(id: string): SandboxResource {
    const found = this.get(id);
    const places = [...new Set(found.map(({ place }) => place))];
    if (places.length > 1)
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `"${id}" is on ${places.join(" and on ")}: name the one that is meant by its URN, ${found.map(({ urn }) => urn).join(" or ")}`,
        { facts: { id, database: this.path } },
      );
    // An adopted thing is stored twice; the one that a program made is the one to change.
    const resource = found.find(({ urn }) => urn !== "") ?? found[0];
    if (resource === undefined)
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `nothing in the sandbox "${this.path}" has the id "${id}"`,
        {
          facts: { id, database: this.path },
        },
      );
    return resource;
  }

  #initialise(): { id: string; salt: string } {
    this.#database.exec(SCHEMA);
    const meta = (key: string, fresh: string): string => {
      this.#run("INSERT OR IGNORE INTO meta VALUES (?, ?)", key, fresh);
      const [row] = this.#all("SELECT value FROM meta WHERE key = ?", [key], z.object({ value: z.string() }));
      return row?.value ?? fresh;
    };
    const version = meta("version", String(SCHEMA_VERSION));
    if (version !== String(SCHEMA_VERSION))
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `"${this.path}" is a sandbox database of version ${version}, this is for version ${SCHEMA_VERSION}: use a new file`,
      );
    return {
      id: meta("id", randomBytes(8).toString("hex")),
      salt: meta("salt", randomBytes(32).toString("hex")),
    };
  }

  #reindex({
    type,
    id,
    place,
    inputs,
    outputs,
  }: Pick<SandboxResource, "type" | "id" | "place" | "inputs" | "outputs">): void {
    for (const table of ["names", "refs"])
      this.#run(`DELETE FROM ${table} WHERE type = ? AND id = ? AND place = ?`, type, id, place);
    const references = sandboxIdsIn(inputs);
    const given = new Set(references.map(({ value }) => value));
    for (const { path, value } of references)
      this.#run("INSERT INTO refs VALUES (?, ?, ?, ?, ?)", type, id, place, path, value);
    const own = sandboxIdsIn(outputs)
      .map(({ value }) => value)
      .filter((value) => !given.has(value));
    for (const value of new Set([id, ...own]))
      this.#run("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", value, type, id, place);
  }

  #rows(sql: string, ...values: readonly SQLInputValue[]): readonly SandboxResource[] {
    return this.#all(sql, values, rowSchema).map((row) => ({
      ...{
        type: row.type,
        id: row.id,
        place: row.place,
        urn: row.urn,
        region: row.region,
        created: row.created,
        updated: row.updated,
      },
      inputs: parseProperties(row.inputs),
      outputs: parseProperties(row.outputs),
      written: parseProperties(row.written),
      ...(row.owner_type === null || row.owner_id === null
        ? {}
        : { owner: { type: row.owner_type, id: row.owner_id } }),
    }));
  }

  #all<T>(sql: string, values: readonly SQLInputValue[], schema: z.ZodType<T>): readonly T[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => schema.parse({ ...row }));
  }

  #run(sql: string, ...values: readonly SQLInputValue[]) {
    return this.#database.prepare(sql).run(...values);
  }
}

/** Written by this class, inside STRICT tables: always an object. */
function parseProperties(json: string): Properties {
  const properties: Properties = JSON.parse(json);
  return properties;
}
