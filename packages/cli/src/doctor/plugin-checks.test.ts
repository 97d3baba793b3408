import { describe, expect, test } from "vitest";
import { FakeHost } from "../fake-host.fixture.ts";
import type { EnvironmentView, PluginView, ProjectHandle } from "../project-host.ts";
import { runRecord } from "../run.fixture.ts";
import { pluginChecks } from "./plugin-checks.ts";

const acme = { name: "acme", version: "1.2.3" };
const runnable = { ...acme, executable: "/plugin.js" };
const elsewhere = { ...acme, executable: undefined };

/** A project with these plugins, on a sandbox alone or with a real environment. */
async function checked(plugin: PluginView, cloud: "real" | "sandbox" = "real") {
  const handle: ProjectHandle = await new FakeHost({ run: runRecord() }).load();
  const [dev] = handle.project.environments.values();
  if (dev === undefined) throw new TypeError("the fake has no environment");
  const live: EnvironmentView = { ...dev, name: "live", cloud: "real" };
  const environments = new Map([["dev", dev], ...(cloud === "real" ? ([["live", live]] as const) : [])]);
  const project = { ...handle.project, environments };
  return pluginChecks({ ...handle, project, plugins: async () => [plugin] }, false);
}

describe("with a real environment", () => {
  test.each(["missing", "other"] as const)("one that is %s fails, with the remedy", async (status) => {
    expect(await checked({ plugin: runnable, status, why: "so" })).toEqual([
      { area: "plugins", status: "fail", message: "acme 1.2.3: so", remedy: "groundplane doctor --fix" },
    ]);
  });

  test("one that is ready is", async () => {
    expect(await checked({ plugin: runnable, status: "ready", why: "as it should be" })).toEqual([
      { area: "plugins", status: "ok", message: "acme 1.2.3: as it should be" },
    ]);
  });

  test("what --fix cannot install fails where there is none, and is a warning where someone put one", async () => {
    expect(await checked({ plugin: elsewhere, status: "missing", why: "no build" })).toEqual([
      { area: "plugins", status: "fail", message: "acme 1.2.3: no build" },
    ]);
    expect(await checked({ plugin: elsewhere, status: "other", why: "by hand" })).toEqual([
      { area: "plugins", status: "warn", message: "acme 1.2.3: by hand" },
    ]);
  });
});

test.each([runnable, elsewhere])("with sandboxes alone nothing is amiss", async (plugin) => {
  const [check] = await checked({ plugin, status: "missing", why: "it is not there" }, "sandbox");
  expect(check).toMatchObject({
    status: "ok",
    message: expect.stringContaining("only a real environment needs it"),
  });
});

test("fails when the packages cannot be read", async () => {
  const handle = await new FakeHost({ run: runRecord() }).load();
  const broken = { ...handle, plugins: () => Promise.reject(new TypeError("no such file")) };
  expect(await pluginChecks(broken, false)).toEqual([
    { area: "plugins", status: "fail", message: "no such file" },
  ]);
});
