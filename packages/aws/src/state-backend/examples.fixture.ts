// The examples of docs/state-backend.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { StateBackend } from "../index.ts";

export function start(): StateBackend {
  // #region start
  const state = new StateBackend("state", {
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return state;
}

export function locked(): StateBackend {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region locked
  const state = new StateBackend("state", {
    noncurrentDays: 365,
    objectLock: { mode: "governance", days: 30 },
    tags,
  });
  // #endregion
  return state;
}
