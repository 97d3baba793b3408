import { defineConfig } from "vitest/config";

/** Each file's tests load the SDK anew: without what few of them use. */
const SETUP = ["@groundplane/orchestrator/lean-sdk", "./tools/property-seed.mjs"];

/** Of what takes milliseconds: a test that hangs ends, and one on a busy machine does not. */
const HANGS_MS = 30_000;

// unit and component run in-process and in milliseconds; engine starts the real Pulumi engine and is slower.
export default defineConfig({
  test: {
    // One figure for all projects, so that they share one queue: vitest runs those with another one alone and after the
    // others, and refuses two that differ. Its default is one worker fewer than there are cores.
    maxWorkers: 2,
    globalSetup: ["./tools/compile-cache.mjs"],
    reporters: ["default", "./tools/test-summary.mjs"],
    projects: [
      {
        test: {
          name: "unit",
          setupFiles: SETUP,
          include: [
            "packages/*/src/**/*.test.ts",
            "policy-packs/*/src/**/*.test.ts",
            "bench/src/*.test.ts",
            "tools/**/*.test.mjs",
          ],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
          expect: { poll: { timeout: HANGS_MS / 2 } },
        },
      },
      {
        test: {
          name: "conformance",
          setupFiles: SETUP,
          include: ["test/conformance/**/*.test.ts"],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
          expect: { poll: { timeout: HANGS_MS / 2 } },
        },
      },
      {
        test: {
          name: "engine",
          setupFiles: SETUP,
          include: ["test/engine/**/*.test.ts", "test/faults/**/*.test.ts", "test/live/**/*.test.ts"],
          testTimeout: 600_000,
          // The first one builds the servers that it starts.
          hookTimeout: 700_000,
          // Packages and the projects that tests make run as they would for a user: by Node, not through vite.
          server: { deps: { external: [/\/dist\//, /\/\.groundplane\//] } },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "packed",
          include: ["test/packed/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
