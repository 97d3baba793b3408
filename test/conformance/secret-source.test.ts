import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretsManagerSource } from "@groundplane/aws";
import { type SecretManifest, secretManifestSchema } from "@groundplane/contracts";
import {
  openSecrets,
  parseSecretManifest,
  type SecretLocation,
  type SecretSource,
  sopsSource,
  vaultSource,
} from "@groundplane/secrets";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { resolved } from "../recording-mocks.ts";

const VALUE = "hunter2-hunter2";
/** What each source holds at `shop/mail`. */
const DOCUMENT = { password: VALUE, nested: { deep: "below" }, port: 25, empty: "" };

/** The value, or the error. */
const settled = (source: SecretSource, location: SecretLocation): Promise<unknown> =>
  source.read(location).catch((error: unknown) => error);

let folder: string;
let vault: Server;
let address: string;
let asked: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];

/** Stands in for sops: it writes the file as it is, once for each line in its log. */
const FAKE_SOPS = `#!/bin/sh
for file do :; done
echo "$@" >> "$(dirname "$0")/log"
case "$file" in
  *broken*) echo "${VALUE}"; echo "${VALUE}" >&2; exit 128 ;;
  *slow*) exec sleep 30 ;;
esac
exec cat "$file"
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sops-"));
  await writeFile(join(folder, "sops"), FAKE_SOPS);
  await chmod(join(folder, "sops"), 0o755);
  await writeFile(join(folder, "mail.json"), JSON.stringify(DOCUMENT));
  await writeFile(join(folder, "text"), VALUE);
  vault = createServer((request, response) => {
    const { url, headers } = request;
    asked.push({ url, headers });
    if (url === "/v1/kv/data/moved") response.writeHead(307, { location: "/v1/kv/data/shop/mail" }).end();
    else if (url === "/v1/kv/data/slow") return;
    else if (headers["x-vault-token"] !== "token") response.writeHead(403).end(`{"errors":["${VALUE}"]}`);
    else if (url !== "/v1/kv/data/shop/mail") response.writeHead(404).end('{"errors":[]}');
    else response.end(JSON.stringify({ data: { data: DOCUMENT, metadata: { version: 3 } } }));
  });
  await new Promise<void>((listening) => {
    vault.listen(0, "127.0.0.1", listening);
  });
  const at = vault.address();
  address = `http://127.0.0.1:${typeof at === "object" ? at?.port : ""}`;
});
afterAll(async () => {
  vault.closeAllConnections();
  vault.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  asked = [];
  process.env["GROUNDPLANE_TEST_VAULT_TOKEN"] = "token";
});

const inVault = (more: object = {}) =>
  vaultSource({ address, mount: "kv", tokenVariable: "GROUNDPLANE_TEST_VAULT_TOKEN", ...more });
const inSops = (more: object = {}) => sopsSource({ folder, command: join(folder, "sops"), ...more });

async function inSecretsManager(): Promise<SecretSource> {
  await pulumi.runtime.setMocks({
    newResource: ({ name }) => ({ id: name, state: {} }),
    call: ({ token, inputs }) => {
      expect(token).toBe("aws:secretsmanager/getSecretVersion:getSecretVersion");
      return inputs["secretId"] === "shop/mail" ? { secretString: JSON.stringify(DOCUMENT) } : {};
    },
  });
  return secretsManagerSource();
}

interface Adapter {
  readonly name: string;
  readonly path: string;
  readonly open: () => SecretSource | Promise<SecretSource>;
}
const adapters: readonly Adapter[] = [
  { name: "secrets-manager", path: "shop/mail", open: inSecretsManager },
  { name: "sops", path: "mail.json", open: inSops },
  { name: "vault", path: "shop/mail", open: inVault },
];

describe.each(adapters)("the source $name", ({ name, path, open }) => {
  test("gives a field of what is kept", async () => {
    const source = await open();
    expect(await settled(source, { path, field: "password" })).toBe(VALUE);
    expect(await settled(source, { path, field: "nested.deep" })).toBe("below");
  });

  test.each([
    "missing",
    "nested",
    "port",
    "empty",
    "password.length",
    "__proto__",
    "nested.constructor.name",
  ])("fails when the field %s holds no text, and does not say what it holds", async (field) => {
    const failure = await settled(await open(), { path, field });
    expect(failure).toMatchObject({ code: "SECRETS_UNAVAILABLE", facts: { source: name, path, field } });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain("hunter2");
  });

  test("fails when there is nothing, and says where", async () => {
    const failure = await settled(await open(), { path: "shop/absent", field: "password" });
    expect(failure).toMatchObject({ code: "SECRETS_UNAVAILABLE" });
    expect(String(failure)).toContain(`${name} "shop/absent", field "password": `);
  });
});

describe("files of sops", () => {
  test("are decrypted once each, by the command", async () => {
    const source = inSops();
    await writeFile(join(folder, "log"), "");
    expect(await settled(source, { path: "mail.json", field: "password" })).toBe(VALUE);
    expect(await settled(source, { path: "mail.json", field: "nested.deep" })).toBe("below");
    expect(await readFile(join(folder, "log"), "utf8")).toBe(
      `--decrypt --output-type json ${join(folder, "mail.json")}\n`,
    );
  });

  test.each<[string, object, string]>([
    ["broken", {}, "ended with 128"],
    ["slow", { timeoutSeconds: 1 }, "did not end within 1 seconds"],
    ["mail.json", { command: "no-such-sops" }, 'there is no command "no-such-sops"'],
    ["../mail.json", {}, "the path leaves the folder"],
    ["text", {}, "is no JSON"],
  ])("fails when %s %o cannot be read, and repeats nothing of it", async (path, more, message) => {
    const failure = await settled(inSops(more), { path, field: "password" });
    expect(String(failure)).toContain(message);
    expect(failure).toMatchObject({ code: "SECRETS_UNAVAILABLE" });
    expect(
      `${String(failure)}${JSON.stringify(failure)}${String(Reflect.get(Object(failure), "cause"))}`,
    ).not.toContain("hunter2");
  });
});

describe("Vault", () => {
  test("is asked with the token, and in the namespace", async () => {
    await settled(inVault({ namespace: "team" }), { path: "shop/mail", field: "password" });
    expect(asked).toMatchObject([
      { url: "/v1/kv/data/shop/mail", headers: { "x-vault-token": "token", "x-vault-namespace": "team" } },
    ]);
  });

  test("is not followed to where it sends", async () => {
    const failure = await settled(inVault(), { path: "moved", field: "password" });
    expect(failure).toMatchObject({ code: "SECRETS_UNAVAILABLE" });
    expect(asked.map(({ url }) => url)).toEqual(["/v1/kv/data/moved"]);
  });

  test("is asked nothing outside of the mount", async () => {
    await settled(inVault(), { path: "a/?b#c", field: "password" });
    expect(asked.map(({ url }) => url)).toEqual(["/v1/kv/data/a/%3Fb%23c"]);
  });

  test("fails when it does not answer", async () => {
    const failure = await settled(inVault({ timeoutSeconds: 1 }), { path: "slow", field: "password" });
    expect(String(failure)).toContain("no answer within 1 seconds");
  });

  test("fails when the token is wrong or missing, and repeats no answer", async () => {
    process.env["GROUNDPLANE_TEST_VAULT_TOKEN"] = "another";
    const refused = await settled(inVault(), { path: "shop/mail", field: "password" });
    expect(String(refused)).toContain("the token is not valid here");
    expect(`${String(refused)}${JSON.stringify(refused)}`).not.toMatch(/hunter2|another/);
    delete process.env["GROUNDPLANE_TEST_VAULT_TOKEN"];
    expect(String(await settled(inVault(), { path: "shop/mail", field: "password" }))).toContain(
      "GROUNDPLANE_TEST_VAULT_TOKEN holds no token",
    );
  });

  test.each([
    ["http://vault.example.com", "give an https URL"],
    ["vault", "give an https URL"],
    ["https://user:pass@vault.example.com", "holds a user or password"],
  ])("is refused at %s", (wrong, message) => {
    expect(() => vaultSource({ address: wrong })).toThrow(message);
  });
});

describe("a manifest of secrets", () => {
  const manifest: SecretManifest = secretManifestSchema.parse({
    schema: "groundplane.dev/secrets/v1",
    secrets: {
      mail: { source: "vault", path: "shop/mail", field: "password" },
      "payment-key": { source: "secrets-manager", path: "shop/payment" },
    },
  });
  /** Says where it was asked. */
  const echo: SecretSource = { read: (location) => Promise.resolve(JSON.stringify(location)) };

  test("is read as written, asks the source of each, and marks what it says as secret", async () => {
    const secrets = openSecrets(parseSecretManifest(JSON.stringify(manifest)), {
      vault: echo,
      "secrets-manager": echo,
    });
    expect(secrets.names).toEqual(["mail", "payment-key"]);
    expect(await pulumi.isSecret(secrets.value("mail"))).toBe(true);
    expect(await resolved(secrets.value("mail"))).toBe('{"path":"shop/mail","field":"password"}');
    expect(await resolved(secrets.value("payment-key"))).toBe('{"path":"shop/payment"}');
  });

  test("fails when a source or a name is not there", () => {
    expect(() => openSecrets(manifest, { vault: echo })).toThrow('"payment-key" is kept in secrets-manager');
    const secrets = openSecrets(manifest, { vault: echo, "secrets-manager": echo });
    expect(() => secrets.value("male")).toThrow('no secret "male"; it has mail, payment-key');
  });

  test.each([
    ["no JSON", `{"secrets": "${VALUE}`],
    [
      "a value",
      `{"schema":"groundplane.dev/secrets/v1","secrets":{"a":{"source":"vault","value":"${VALUE}"}}}`,
    ],
    ["a value for an entry", `{"schema":"groundplane.dev/secrets/v1","secrets":{"a":"${VALUE}"}}`],
    ["a value for a source", `{"schema":"groundplane.dev/secrets/v1","secrets":{"a":{"source":"${VALUE}"}}}`],
  ])("fails when there is %s in it, and does not repeat it", (_, text) => {
    let failure: unknown;
    try {
      parseSecretManifest(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code: "CONFIG_INVALID" });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain("hunter2");
  });
});
