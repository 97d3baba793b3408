/** Whether a reference names an image by its digest, so that it is the same image wherever and whenever it is pulled. */
export function isPinnedByDigest(reference: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}
