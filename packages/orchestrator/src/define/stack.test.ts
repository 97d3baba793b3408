import { isGroundplaneError } from "@groundplane/contracts";
import type { Output } from "@pulumi/pulumi";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { secret } from "./secret.ts";
import { defineStack, isStackDefinition } from "./stack.ts";

const base = defineStack({
  name: "base",
  config: z.object({ zones: z.int().default(3), token: secret(z.string()) }),
  outputs: z.object({
    vpcId: z.string(),
    zones: z.array(z.string()),
    token: secret(z.string().optional()),
    login: secret(z.object({ user: z.string() })).describe("of the database"),
    key: secret(z.string()).optional(),
  }),
  program: ({ config }) => {
    expectTypeOf(config.zones).toEqualTypeOf<number>();
    expectTypeOf(config.token).toEqualTypeOf<Output<string>>();
    return { vpcId: "vpc-1", zones: [], token: config.token, login: { user: "root" }, key: undefined };
  },
});

describe("defineStack", () => {
  test("keeps what it was given, and is known again", () => {
    expect(base.stackName).toBe("base");
    expect(Object.keys(base.outputs.shape)).toEqual(["vpcId", "zones", "token", "login", "key"]);
    expect([base.dependsOn, base.checks]).toEqual([{}, []]);
    expect(isStackDefinition(base)).toBe(true);
    for (const other of [undefined, null, {}, { groundplane: "stack" }, () => undefined])
      expect(isStackDefinition(other)).toBe(false);
  });

  test("knows a stack of another copy of the package", () => {
    expect(isStackDefinition(Object.assign(() => undefined, { groundplane: "stack" }))).toBe(true);
  });

  test.each(["", "Base", "-base", "a/b", "..", "b\u0430se", "x".repeat(41)])(
    "fails when its name is %j",
    (name) => {
      try {
        defineStack({ name, config: z.object({}), outputs: z.object({}), program: () => ({}) });
        expect.unreachable();
      } catch (error) {
        expect(isGroundplaneError(error) && error.code).toBe("INVALID_NAME");
      }
    },
  );
});

describe("the types of a stack", () => {
  test("give a downstream what the upstream's outputs are: plain, and secrets as Output", () => {
    const app = defineStack({
      name: "app",
      config: z.object({}),
      outputs: z.object({ subnetId: z.string() }),
      dependsOn: { base },
      program: ({ upstream, environment, sandbox }) => {
        expectTypeOf(upstream.base.vpcId).toEqualTypeOf<string>();
        expectTypeOf(upstream.base.zones).toEqualTypeOf<string[]>();
        expectTypeOf(upstream.base.token).toEqualTypeOf<Output<string | undefined>>();
        expectTypeOf(upstream.base.login).toEqualTypeOf<Output<{ user: string }>>();
        expectTypeOf(upstream.base.key).toEqualTypeOf<Output<string | undefined>>();
        expectTypeOf(environment).toEqualTypeOf<string>();
        expectTypeOf(sandbox).toEqualTypeOf<boolean>();
        // @ts-expect-error: the upstream has no such output
        upstream.base.subnetId;
        // @ts-expect-error: it does not depend on that
        upstream.network;
        // @ts-expect-error: a secret is no plain text
        const plain: string = upstream.base.token;
        return { subnetId: plain };
      },
    });
    expect(Object.keys(app.dependsOn)).toEqual(["base"]);
  });

  test("refuse outputs that are not the declared ones", () => {
    const common = {
      name: "app",
      config: z.object({}),
      outputs: z.object({ id: z.string(), port: z.number() }),
    };
    // @ts-expect-error: port is missing
    defineStack({ ...common, program: () => ({ id: "x" }) });
    // @ts-expect-error: port is no text
    defineStack({ ...common, program: () => ({ id: "x", port: "443" }) });
    // @ts-expect-error: the config has no such key
    defineStack({ ...common, program: ({ config }) => ({ id: config.name, port: 443 }) });
    expect(defineStack({ ...common, program: async () => ({ id: "x", port: 443 }) }).stackName).toBe("app");
  });

  test("hand checks the outputs, of which each may be missing", () => {
    const checked = defineStack({
      name: "app",
      config: z.object({ port: z.number() }),
      outputs: z.object({ url: z.string() }),
      program: () => ({ url: "x" }),
      checks: [
        {
          name: "answers",
          check: ({ outputs, config, signal }) => {
            expectTypeOf(outputs.url).toEqualTypeOf<string | undefined>();
            expectTypeOf(config.port).toEqualTypeOf<number | undefined>();
            expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          },
        },
      ],
    });
    expect(checked.checks.map(({ name }) => name)).toEqual(["answers"]);
  });

  test("fail when a check's time is out of bounds", () => {
    const options = { name: "app", config: z.object({}), outputs: z.object({}), program: () => ({}) };
    const checks = [{ name: "answers", timeoutSeconds: 0, check: () => undefined }];
    expect(() => defineStack({ ...options, checks })).toThrow('timeoutSeconds of the check "answers" is 0');
  });
});

test("fails when a secret is marked inside a key, which would be exported in the clear", () => {
  const outputs = z.object({ database: z.object({ host: z.string(), password: secret(z.string()) }) });
  const define = () =>
    defineStack({
      name: "data",
      config: z.object({}),
      outputs,
      program: () => ({ database: { host: "h", password: "p" } }),
    });
  expect(define).toThrow(
    expect.objectContaining({ code: "STACK_INVALID", message: expect.stringContaining("database.password") }),
  );
});
