import { join } from "node:path";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject } from "../define/load-project.ts";
import { statePlaceOf } from "../engine/state-place.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { LeaseStore } from "./lease-store.ts";
import { S3LeaseStore } from "./s3-lease-store.ts";
import { SqliteLeaseStore } from "./sqlite-lease-store.ts";

/** What the lease of a stack is kept under, beside its state. */
export function stackLeaseKey(stack: string, environment: string): string {
  return `${stack}/${environment}`;
}

function storeBesideState(project: LoadedProject, environment: EnvironmentDefinition): LeaseStore {
  const place = statePlaceOf(environment, project);
  return place.type === "file"
    ? new SqliteLeaseStore(join(place.folder, ".groundplane", "leases.db"))
    : new S3LeaseStore(place.backend);
}

/**
 * The leases of a project. A run's is kept in the data folder, where its journal is; a stack's beside its state, so
 * that all who can change that state see it.
 */
export class ProjectLeases {
  /** Who works on a run. */
  readonly runs: LeaseKeeper;
  readonly #project: LoadedProject;
  readonly #given: LeaseKeeper | undefined;
  readonly #stacks = new Map<string, LeaseKeeper>();

  /** @param given One store for everything. @default - a SQLite file, and each environment's own */
  constructor(project: LoadedProject, given?: LeaseStore) {
    this.#project = project;
    this.#given = given === undefined ? undefined : new LeaseKeeper(given);
    this.runs = this.#given ?? new LeaseKeeper(new SqliteLeaseStore(join(project.dataFolder, "leases.db")));
  }

  /** Who changes the stacks of an environment. */
  stacks(environment: EnvironmentDefinition): LeaseKeeper {
    const known = this.#given ?? this.#stacks.get(environment.name);
    if (known !== undefined) return known;
    const made = new LeaseKeeper(storeBesideState(this.#project, environment));
    this.#stacks.set(environment.name, made);
    return made;
  }

  close(): void {
    this.runs.close();
    for (const keeper of this.#stacks.values()) keeper.close();
  }
}
