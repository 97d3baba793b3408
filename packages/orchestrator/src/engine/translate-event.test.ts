import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, test } from "vitest";
import { engineMessageSchema } from "./engine-request.ts";
import { scrubber } from "./scrub.ts";
import { translateEvent } from "./translate-event.ts";

/** From JSON, as the engine sends it: its shapes are wider than the SDK's types. */
const event = (json: string): EngineEvent => JSON.parse(json);
const same = (text: string): string => text;
const scrub = scrubber(["hunter2!"]);

const URN = "urn:pulumi:dev::base::aws:ssm/parameter:Parameter::token";
const SECRET =
  '{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"[secret]"}';
const STATE = `{"type":"aws:ssm/parameter:Parameter","urn":"${URN}","custom":true,"id":"token","parent":"p",
  "provider":"prov","inputs":{"value":${SECRET},"arn":"04da6b54-80e4-46f7-96ec-b56ff0331ba9","tags":{"a":"b"}},
  "outputs":{"value":${SECRET}}}`;
const step = (kind: string, more: string) =>
  event(`{"sequence":1,"timestamp":1,"${kind}":{"metadata":{"op":"update","urn":"${URN}",
    "type":"aws:ssm/parameter:Parameter","provider":"prov"${more}}}}`);

describe("translateEvent on steps", () => {
  test("tells what begins, with secrets and unknowns marked", () => {
    const message = translateEvent(
      event(`{"resourcePreEvent":{"planning":true,"metadata":{"op":"update","urn":"${URN}",
        "type":"aws:ssm/parameter:Parameter","old":null,"new":${STATE},"keys":["value"],
        "detailedDiff":{"value":{"diffKind":"update-replace","inputDiff":true}}}}}`),
      same,
    );
    expect(message).toEqual({
      kind: "step.started",
      step: {
        operation: "update",
        urn: URN,
        type: "aws:ssm/parameter:Parameter",
        planning: true,
        keys: ["value"],
        new: {
          type: "aws:ssm/parameter:Parameter",
          urn: URN,
          id: "token",
          custom: true,
          parent: "p",
          provider: "prov",
          protect: false,
          inputs: { value: SECRET_MARK, arn: UNKNOWN_MARK, tags: { a: "b" } },
          outputs: { value: SECRET_MARK },
        },
        detailedDiff: { value: { kind: "update-replace", inputDiff: true } },
      },
    });
  });

  test.each([
    ["resOutputsEvent", "step.finished"],
    ["resOpFailedEvent", "step.failed"],
    ["resourcePreEvent", "step.started"],
  ])("%s becomes %s, and is not planning unless it says so", (name, kind) => {
    const message = translateEvent(
      step(name, `,"old":${STATE},"new":null,"keys":null,"detailedDiff":null`),
      same,
    );
    expect(message).toMatchObject({ kind, step: { planning: false, keys: [], old: { id: "token" } } });
    expect(message).not.toHaveProperty("step.new");
    expect(message).not.toHaveProperty("step.detailedDiff");
  });

  test("keeps that a resource is protected", () => {
    const message = translateEvent(
      step("resourcePreEvent", `,"old":${STATE.replace("{", '{"protect":true,')}`),
      same,
    );
    expect(message).toMatchObject({ step: { old: { protect: true } } });
  });

  test("what it makes is what the parent reads", () => {
    for (const name of ["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"]) {
      const message = translateEvent(step(name, `,"old":${STATE},"new":${STATE}`), same);
      expect(engineMessageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
    }
  });
});

describe("translateEvent on words", () => {
  const diagnostic = (severity: string, more = "") =>
    event(
      `{"diagnosticEvent":{"prefix":"","message":"  the token is hunter2!\\n","color":"never","severity":"${severity}"${more}}}`,
    );

  test("drops debug diagnostics, which hold outputs in the clear, and ephemeral ones", () => {
    expect(translateEvent(diagnostic("debug"), scrub)).toBeUndefined();
    expect(translateEvent(diagnostic("info", ',"ephemeral":true'), scrub)).toBeUndefined();
  });

  test("says nothing of the program that starts packs where it is our own, and all of another", () => {
    const found = (path: string) =>
      translateEvent(
        event(
          JSON.stringify({
            diagnosticEvent: {
              severity: "warning",
              message: `using pulumi-analyzer-policy from $PATH at ${path} expected /opt/pulumi/bin/pulumi-analyzer-policy\n`,
            },
          }),
        ),
        same,
      );
    expect(found("/shop infra/node_modules/x/engine/packs/pulumi-analyzer-policy")).toBeUndefined();
    expect(found("/usr/bin/pulumi-analyzer-policy")).toMatchObject({ severity: "warning" });
  });

  test.each([
    ["info", "info"],
    ["info#err", "info"],
    ["warning", "warning"],
    ["error", "error"],
  ])("%s is told as %s, scrubbed", (severity, told) => {
    expect(translateEvent(diagnostic(severity, `,"urn":"${URN}"`), scrub)).toEqual({
      kind: "diagnostic",
      severity: told,
      message: "the token is [secret]",
      urn: URN,
    });
  });

  test("a diagnostic of no resource has no URN", () => {
    expect(translateEvent(diagnostic("error", ',"urn":""'), same)).not.toHaveProperty("urn");
  });

  test("a policy's message is scrubbed", () => {
    expect(
      translateEvent(
        event(`{"policyEvent":{"resourceUrn":"${URN}","message":"found hunter2!\\n","color":"never",
          "policyName":"no-secrets","policyPackName":"pack","policyPackVersion":"1.0.0",
          "policyPackVersionTag":"1.0.0","enforcementLevel":"mandatory"}}`),
        scrub,
      ),
    ).toEqual({
      kind: "policy",
      pack: "pack",
      packVersion: "1.0.0",
      policy: "no-secrets",
      enforcement: "mandatory",
      message: "found [secret]",
      urn: URN,
    });
  });

  test.each(["PolicyPacks", "policyPacks"])("the summary names the packs that ran, as %s", (key) => {
    expect(
      translateEvent(
        event(`{"summaryEvent":{"maybeCorrupt":false,"durationSeconds":1,
          "resourceChanges":{"create":2,"same":1},"${key}":{"baseline":"1.0.0"}}}`),
        same,
      ),
    ).toEqual({ kind: "summary", counts: { create: 2, same: 1 }, packs: ["baseline"] });
  });

  test("a summary without changes or packs says so", () => {
    expect(
      translateEvent(event('{"summaryEvent":{"resourceChanges":null,"PolicyPacks":null}}'), same),
    ).toEqual({
      kind: "summary",
      counts: {},
      packs: [],
    });
  });

  test.each(["preludeEvent", "stdoutEvent", "cancelEvent", "progressEvent"])("has no use for %s", (name) => {
    expect(translateEvent(event(`{"sequence":0,"${name}":{"message":"hunter2!"}}`), same)).toBeUndefined();
  });
});
