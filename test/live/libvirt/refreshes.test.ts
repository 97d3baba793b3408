// With the published client library about one refresh in three of this size never came back (tools/libvirt-provider/README.md).

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { story } from "../../story.ts";
import { startHypervisors, type TestHypervisors, whyNoHypervisors } from "./hypervisors.ts";
import { destroyLab, installLabPlugins, LAB, labProject } from "./lab.ts";

const MACHINES = 8;
const TIMES = Number(process.env["GROUNDPLANE_REFRESHES"] ?? 8);
/** Of one refresh, which takes a few seconds. */
const PATIENCE_MS = 90_000;

const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let project: TestProject;

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  rack = await startHypervisors(["r820", "r720"]);
  project = await labProject({ hosts: rack.hosts, machines: MACHINES });
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
  why = await installLabPlugins(project);
});
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  await rack?.stop();
  await project?.remove();
});

test(`${TIMES} refreshes of ${2 * MACHINES} cloud-init disks come back, and read what is there`, async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    for (let time = 1; time <= TIMES; time += 1) {
      const drift = await orchestrator.drift({ ...LAB, signal: AbortSignal.timeout(PATIENCE_MS) });
      // A disk that is not read to its end would have other data.
      expect(drift.items).toEqual([]);
    }
    expect(story(await destroyLab(orchestrator))).toBe("DONE | applied");
  });
});
