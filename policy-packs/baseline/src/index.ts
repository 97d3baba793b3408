export { pack } from "./pack.ts";
export { encryptionAtRest } from "./rules/encryption-at-rest.ts";
export { noOpenIngress } from "./rules/no-open-ingress.ts";
export { noPlainSecrets } from "./rules/no-plain-secrets.ts";
export { pinnedImages } from "./rules/pinned-images.ts";
export { requiredTags } from "./rules/required-tags.ts";
export { singleEnvironment } from "./rules/single-environment.ts";
