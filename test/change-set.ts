import type { ChangeSet } from "@groundplane/contracts";

/** A change set of dev/net in which there is nothing, changed as given. */
export function emptyChangeSet(more: Partial<ChangeSet> = {}): ChangeSet {
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "shop",
    stack: "net",
    environment: "dev",
    operation: "update",
    counts: {},
    changes: [],
    planned: [],
    outputs: [],
    ...more,
  };
}
