export { secretField, secretInText } from "./secret-field.ts";
export { parseSecretManifest } from "./secret-manifest.ts";
export {
  type OpenSecrets,
  openSecrets,
  type SecretLocation,
  type SecretSource,
  unavailable,
} from "./secret-source.ts";
export { type SopsSourceOptions, sopsSource } from "./sops-source.ts";
export { type VaultSourceOptions, vaultSource } from "./vault-source.ts";
