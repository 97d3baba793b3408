import { join } from "node:path";
import { SandboxStore } from "@groundplane/sandbox";

/** The file of an environment's sandbox, of the project in this folder. */
export function sandboxFile(root: string, environment: string): string {
  return join(root, ".groundplane/sandbox", `${environment}.db`);
}

/**
 * What the work finds in an environment's sandbox, or does there behind everyone's back. `idOf` finds what a program made
 * by the end of its type, `:Vpc`.
 */
export function inCloud<Result>(
  root: string,
  environment: string,
  work: (store: SandboxStore, idOf: (type: string) => string) => Result,
): Result {
  const store = SandboxStore.open(sandboxFile(root, environment));
  try {
    return work(store, (type) => {
      const own = store.describe().find((found) => found.type.endsWith(type) && !found.name.startsWith("("));
      if (own === undefined) throw new TypeError(`the sandbox has no ${type}`);
      return own.id;
    });
  } finally {
    store.close();
  }
}
