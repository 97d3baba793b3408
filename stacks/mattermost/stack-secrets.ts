import { readFileSync } from "node:fs";
import { type OpenSecrets, openSecrets, parseSecretManifest, sopsSource } from "@groundplane/secrets";
import * as pulumi from "@pulumi/pulumi";

const folder = import.meta.dirname;
const manifest = () => parseSecretManifest(readFileSync(`${folder}/secrets.json`, "utf8"));

/** The file that is encrypted lies beside the manifest. */
const source = () => sopsSource({ folder });

/** On a sandbox nothing is decrypted: each secret is a text that anyone may see, and treated like a real one. */
export function stackSecrets(sandbox: boolean): Pick<OpenSecrets, "value"> {
  if (!sandbox) return openSecrets(manifest(), { sops: source() });
  return { value: (name) => pulumi.secret(`made up for the sandbox: ${name}`) };
}

/** The key for the look at the server before a deployment. */
export async function sshPrivateKey(): Promise<string> {
  const { path, field } = manifest().secrets["ssh-private-key"] ?? { path: "secrets.json" };
  return source().read({ path, ...(field !== undefined && { field }) });
}
