import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { isSecretAt, type Properties, secretOf } from "@groundplane/provider";
import { describe, expect, test } from "vitest";
import { checkInputs, readInputs, withSecrets } from "./setup-inputs.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n";
const connection = { host: "10.220.1.50", user: "agent", privateKey, hostKey };

describe("the inputs of a setup", () => {
  test("are complete with what is left out", () => {
    const files = [
      { path: "/etc/a", content: "x", mode: "600" },
      { path: "/b", content: secretOf("s") },
    ];
    expect(readInputs({ connection, files, __defaults: [] })).toMatchObject({
      connection: { host: "10.220.1.50", port: 22, hostKey },
      files: [
        { path: "/etc/a", mode: "0600", owner: "root", group: "root", secret: false },
        { path: "/b", content: "s", mode: "0644", secret: true },
      ],
      ...{ timeoutSeconds: 600, connectTimeoutSeconds: 300, secrets: [privateKey, "s"] },
    });
  });

  test("hold the private key as a secret, also where the program forgot", () => {
    expect(isSecretAt(withSecrets({ connection }), ["connection", "privateKey"])).toBe(true);
    const whole = { connection: secretOf(connection) };
    expect(withSecrets(whole)).toBe(whole);
  });

  test("may be unknown in a preview", () => {
    const unknown = {
      ...connection,
      host: UNKNOWN_TEXT,
      port: UNKNOWN_TEXT,
      privateKey: UNKNOWN_TEXT,
      hostKey: UNKNOWN_TEXT,
    };
    const files = [{ path: "/etc/a", content: UNKNOWN_TEXT }];
    expect(
      checkInputs({ connection: unknown, files, setup: UNKNOWN_TEXT, triggers: { a: UNKNOWN_TEXT } }),
    ).toEqual([]);
    expect(checkInputs({ connection: UNKNOWN_TEXT, files: UNKNOWN_TEXT, triggers: UNKNOWN_TEXT })).toEqual(
      [],
    );
    expect(checkInputs({ connection: secretOf(connection) })).toEqual([]);
  });

  const file = { path: "/etc/a", content: "x" };
  test.each<[Properties, string]>([
    [{}, "connection"],
    [{ connection: { ...connection, host: "a b" } }, "connection.host"],
    [{ connection: { ...connection, host: "-oProxyCommand=x" } }, "connection.host"],
    [{ connection: { ...connection, port: 0 } }, "connection.port"],
    [{ connection: { ...connection, user: "a;b" } }, "connection.user"],
    [{ connection: { ...connection, privateKey: "canary" } }, "connection.privateKey"],
    [{ connection: { ...connection, hostKey: "ssh-ed25519 AAAA" } }, "connection.hostKey"],
    [
      { connection: { ...connection, hostKey: hostKey.replace("ssh-ed25519", "ssh-rsa") } },
      "connection.hostKey",
    ],
    [
      { connection: { ...connection, hostKey: { trustOnFirstUse: { reason: " " } } } },
      "connection.hostKey.trustOnFirstUse.reason",
    ],
    [{ connection, files: [{ ...file, path: "etc/a" }] }, "files[0].path"],
    [{ connection, files: [{ ...file, path: "/etc/../a" }] }, "files[0].path"],
    [{ connection, files: [{ ...file, path: "/etc/a\nb" }] }, "files[0].path"],
    [{ connection, files: [{ ...file, path: "/etc/a/" }] }, "files[0].path"],
    [{ connection, files: [{ ...file, mode: "4755" }] }, "files[0].mode"],
    [{ connection, files: [{ ...file, owner: "a:b" }] }, "files[0].owner"],
    [{ connection, files: [file, file] }, "files[1].path"],
    [{ connection, files: [{ path: "/a" }] }, "files[0].content"],
    [{ connection, setup: " " }, "setup"],
    [{ connection, timeoutSeconds: 0 }, "timeoutSeconds"],
    [{ connection, script: "true" }, ""],
  ])("are refused: %o", (inputs, property) => {
    const problems = checkInputs(inputs);
    expect(problems.map((problem) => problem.property)).toEqual([property]);
    expect(JSON.stringify(problems)).not.toContain("canary");
  });
});
