/** Types of a bucket's settings, which take no tags, for the suites. */
export const UNTAGGABLE_BUCKET_PARTS: readonly string[] = [
  "BucketPublicAccessBlock",
  "BucketOwnershipControls",
  "BucketVersioning",
  "BucketServerSideEncryptionConfiguration",
  "BucketLifecycleConfiguration",
  "BucketPolicy",
  "BucketObjectLockConfiguration",
  "BucketLogging",
].map((type) => `aws:s3/${type[0]?.toLowerCase()}${type.slice(1)}:${type}`);
