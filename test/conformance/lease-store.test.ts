import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LeaseStore, MemoryLeaseStore, SqliteLeaseStore } from "@groundplane/orchestrator";
import { afterAll, describe } from "vitest";
import { leaseProcessesTest, leaseStoreSuite } from "./lease-store.suite.ts";

const folder = mkdtempSync(join(tmpdir(), "leases-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memory = new MemoryLeaseStore();
const file = join(folder, "deeper", "leases.db");

/** One row an adapter; that of S3 is in test/live, as it needs a server. */
const adapters: readonly (readonly [string, () => LeaseStore])[] = [
  ["MemoryLeaseStore", () => memory],
  ["SqliteLeaseStore", () => new SqliteLeaseStore(file)],
];

describe.each(adapters)("%s", (_name, open) => leaseStoreSuite(open));

describe("SqliteLeaseStore", () => {
  leaseProcessesTest(
    () => `new sdk.SqliteLeaseStore(${JSON.stringify(join(folder, "race.db"))})`,
    20,
    () => process.env,
  );
});
