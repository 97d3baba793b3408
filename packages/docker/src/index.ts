export { isPinnedByDigest } from "./image/image-reference.ts";
