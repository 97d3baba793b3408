/** An image by its digest, with or without a tag before it: `postgres:13@sha256:…`. */
export type PinnedImage = `${string}@sha256:${string}`;

/** Whether a reference names an image by its digest, so that it is the same image wherever and whenever it is pulled. */
export function isPinnedByDigest(reference: string): reference is PinnedImage {
  return /^[a-z0-9][^@\s]*@sha256:[0-9a-f]{64}$/.test(reference);
}
