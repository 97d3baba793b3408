import { describe, expect, test } from "vitest";
import type { EngineRequest } from "./engine-request.ts";
import { engineArguments } from "./flags.ts";

const request: EngineRequest = {
  command: "preview",
  pulumi: "/bin/pulumi",
  workFolder: "/w",
  stackFolder: "/s",
  entry: "/s/index.ts",
  stack: "dev",
  policyPacks: [],
};
const common = [
  "--stack=dev",
  "--client=127.0.0.1:1001",
  "--exec-kind=auto.inline",
  "--event-log=tcp://127.0.0.1:1002",
  "--non-interactive",
  "--color=never",
  "--suppress-outputs",
  "--suppress-permalink=true",
];
const packs = [
  { folder: "/packs/a", configFile: "/w/a.json" },
  { folder: "/packs/b", configFile: "/w/b.json" },
];
const packFlags = [
  "--policy-pack=/packs/a",
  "--policy-pack-config=/w/a.json",
  "--policy-pack=/packs/b",
  "--policy-pack-config=/w/b.json",
];
const argumentsOf = (more: Partial<EngineRequest>) => engineArguments({ ...request, ...more }, 1001, 1002);

describe("engineArguments", () => {
  test("preview saves the plan and runs the packs", () => {
    expect(argumentsOf({ plan: "/w/plan.json", policyPacks: packs })).toEqual([
      "preview",
      ...common,
      "--save-plan=/w/plan.json",
      ...packFlags,
    ]);
  });

  test("up obeys the plan, asks nobody, and runs the packs", () => {
    expect(argumentsOf({ command: "up", plan: "/w/plan.json", policyPacks: packs })).toEqual([
      "up",
      "--yes",
      "--skip-preview",
      ...common,
      "--plan=/w/plan.json",
      ...packFlags,
    ]);
  });

  test("the preview of a destroy changes nothing, and knows neither plans nor packs", () => {
    expect(argumentsOf({ command: "destroy-preview", plan: "/w/plan.json", policyPacks: packs })).toEqual([
      "destroy",
      "--preview-only",
      "--run-program",
      ...common,
    ]);
  });

  test("destroy runs the program", () => {
    expect(argumentsOf({ command: "destroy", policyPacks: packs })).toEqual([
      "destroy",
      "--yes",
      "--skip-preview",
      "--run-program",
      ...common,
    ]);
  });

  test("nothing shows secrets, targets a part, or goes on after an error", () => {
    for (const command of ["preview", "up", "destroy", "destroy-preview"] as const)
      expect(argumentsOf({ command, plan: "p", policyPacks: packs, message: "m" }).join(" ")).not.toMatch(
        /--show-secrets|--target|--continue-on-error|--refresh|--debug/,
      );
  });

  test("a value with leading dashes or spaces stays within its own word", () => {
    const words = argumentsOf({
      stack: "--show-secrets",
      message: "--target=x --yes",
      plan: "--yes",
      policyPacks: [{ folder: "--debug", configFile: "-y" }],
    });
    expect(words).toContain("--stack=--show-secrets");
    expect(words).toContain("--message=--target=x --yes");
    expect(words).toContain("--save-plan=--yes");
    expect(words).toContain("--policy-pack=--debug");
    expect(words).toContain("--policy-pack-config=-y");
    for (const word of ["--show-secrets", "--yes", "--debug", "-y"]) expect(words).not.toContain(word);
  });

  test("a pack in a folder with a comma or a quote stays one pack", () => {
    const [folder, config] = argumentsOf({
      policyPacks: [{ folder: '/a,b/"c"', configFile: "/w,1.json" }],
    }).slice(-2);
    expect([folder, config]).toEqual(['--policy-pack="/a,b/""c"""', '--policy-pack-config="/w,1.json"']);
  });

  test("reading the cloud changes nothing and takes neither plan nor packs", () => {
    expect(argumentsOf({ command: "drift", plan: "/w/plan.json", policyPacks: packs })).toEqual([
      "refresh",
      "--preview-only",
      ...common,
    ]);
  });

  test("preview and up refresh when they are told to", () => {
    expect(argumentsOf({ refresh: true })).toEqual(["preview", "--refresh", ...common]);
    expect(argumentsOf({ refresh: false })).toEqual(["preview", ...common]);
  });
});
