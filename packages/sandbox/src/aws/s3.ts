import { SANDBOX_DOMAIN } from "../marks.ts";
import type { TypeRule } from "../provider/cloud.ts";
import { text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";

export const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = /^aws:s3\/bucketObject(v2)?:/;

const bucket: TypeRule = {
  // S3 user guide, "Bucket naming rules".
  check: (inputs) => {
    const name = text(inputs, "bucket");
    return name === undefined || (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes(".."))
      ? []
      : [
          {
            property: "bucket",
            reason: `"${name}" is no bucket name: 3 to 63 lower-case letters, digits, - and .`,
          },
        ];
  },
  unique: [
    {
      of: ["bucket"],
      scope: "account",
      code: "BucketAlreadyOwnedByYou",
      message: ({ bucket: name }) => `the bucket "${String(name)}" exists already; bucket names are unique`,
    },
  ],
  outputs: ({ id, settings }) => ({
    bucket: id,
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.${SANDBOX_DOMAIN}`,
    bucketRegionalDomainName: `${id}.s3.${settings.region}.${SANDBOX_DOMAIN}`,
    bucketRegion: settings.region,
    hostedZoneId: "Z5A4DB0C5SANDBOX",
    requestPayer: "BucketOwner",
    objectLockEnabled: false,
  }),
  remove: ({ id, previous, view }) => {
    const left = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"]
      .flatMap((type) => view.list(type))
      .find(({ outputs }) => outputs["bucket"] === id);
    if (left !== undefined && previous?.["forceDestroy"] !== true)
      throw refusal(
        "BucketNotEmpty",
        `The bucket you tried to delete is not empty: ${left.id}. Delete it first, or set forceDestroy.`,
      );
  },
};

/** A bucket's settings are each a resource of their own, with the bucket's name for an id; objects have their key too. */
const part: TypeRule = {
  id: ({ type, inputs }) =>
    OBJECT.test(type)
      ? `${text(inputs, "bucket") ?? ""}/${text(inputs, "key") ?? ""}`
      : (text(inputs, "bucket") ?? ""),
  validate: ({ inputs, view }) => {
    const name = text(inputs, "bucket");
    if (name === undefined || view.list(BUCKET).some(({ outputs }) => outputs["bucket"] === name)) return;
    throw refusal("NoSuchBucket", `The specified bucket does not exist: ${name}`);
  },
};

/** The rule of an S3 type, or undefined for the types that the general behaviour covers. */
export function s3Rule(type: string): TypeRule | undefined {
  if (type === BUCKET || type === "aws:s3/bucketV2:BucketV2") return bucket;
  return /^aws:s3\/bucket\w+:/.test(type) ? part : undefined;
}
