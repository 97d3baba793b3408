import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { refuseSecret } from "./refuse-secret.ts";

test.each([
  ["a secret", pulumi.secret("token")],
  ["a text made with one", pulumi.interpolate`echo ${pulumi.secret("token")}`],
  ["a list with one", pulumi.all(["true", pulumi.secret("token")])],
  ["one deep inside", pulumi.output([pulumi.all(["key"]), pulumi.all([pulumi.secret("token")])])],
])("refuses %s, and does not say it", async (_, value) => {
  const error: unknown = await refuseSecret("athena", "runCommands", value).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining('runCommands of the machine "athena" holds a secret'),
  });
  expect(JSON.stringify(error) + String(error)).not.toContain("token");
});

test("takes what is none", async () => {
  const value = pulumi.all(["true", pulumi.output("echo")]);
  await expect(refuseSecret("athena", "runCommands", value)).resolves.toBeUndefined();
});
