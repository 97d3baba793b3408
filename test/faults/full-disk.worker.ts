// Deploys on a disk that is full from a moment on; then, in another process, on one that has room. Both run in a mount
// namespace of their own, so what they find goes to standard output, a line each.
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isGroundplaneError } from "@groundplane/contracts";
import { loadProject, Orchestrator } from "@groundplane/orchestrator";
import { inCloud } from "../in-cloud.ts";
import { story } from "../story.ts";

const VPC = "aws:ec2/vpc:Vpc";
const [phase = "", root = "", environment = "", folder = "", moment = ""] = process.argv.slice(2);
const ref = { stack: "base", environment };
const ballast = join(root, folder, "ballast");

/** To the last byte. */
function fill(): void {
  const handle = openSync(ballast, "w");
  for (let size = 1 << 16; size >= 1; ) {
    try {
      writeSync(handle, Buffer.alloc(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(handle);
}

function vpcs(): readonly { readonly id: string }[] {
  return inCloud(root, environment, (store) => store.list({ type: VPC }));
}

const project = await loadProject(root);
const asked = { ...ref, requester: "ann" };
const errorOf = (error: unknown): string =>
  isGroundplaneError(error) ? `${error.code} | ${error.message}` : `not ours: ${String(error)}`;
const tell = (found: object): void => void process.stdout.write(`${JSON.stringify(found)}\n`);

/** The disk is full as soon as the moment has come. */
async function onFullDisk(): Promise<void> {
  const told = new Set<string>();
  const orchestrator = await Orchestrator.open({
    project,
    onEvent: ({ name, data }) => {
      const at = name === "resource.started" ? (data.planning ? "" : `${name} ${data.type}`) : name;
      told.add(name);
      if (at === moment && !told.has("full")) {
        told.add("full");
        fill();
      }
    },
  });
  const first = await orchestrator.deploy(asked).then(story, errorOf);
  tell({ isFull: told.has("full"), first, upBegan: told.has("stack.up.started") });
  orchestrator.close();
}

/** What the next commands make of it, once there is room again. */
async function withRoomAgain(): Promise<void> {
  rmSync(ballast, { force: true });
  const madeThen = vpcs().length;
  const orchestrator = await Orchestrator.open({ project });
  const deploy = () => orchestrator.deploy(asked).then(story, errorOf);
  const second = await deploy();
  const restored = second.includes("STATE_CORRUPT")
    ? await orchestrator.restore(asked).then(story, errorOf)
    : undefined;
  const third = await deploy();
  const { operations } = await orchestrator.pending(ref);
  const settlement = {
    adopt: operations.flatMap(({ urn, id }) => (id === undefined ? [] : [{ urn, id }])),
    gone: operations.flatMap(({ urn, id }) => (id === undefined ? [urn] : [])),
  };
  const settled =
    operations.length === 0 ? undefined : story(await orchestrator.settle({ ...asked, ...settlement }));
  const fourth = await deploy();
  orchestrator.verifyJournal();
  const stories = orchestrator.runs(ref).map(story);
  orchestrator.close();
  tell({ madeThen, second, restored, third, operations, settled, fourth, stories, made: vpcs().length });
}

await (phase === "full" ? onFullDisk() : withRoomAgain());
