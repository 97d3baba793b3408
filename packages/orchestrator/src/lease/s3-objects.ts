import type { S3Client } from "@aws-sdk/client-s3";
import { GroundplaneError } from "@groundplane/contracts";
import { type S3Backend, s3Prefix } from "../engine/state-place.ts";

/** Where objects are. */
export type S3Place = Pick<S3Backend, "bucket" | "region" | "prefix" | "endpoint">;
type Sdk = typeof import("@aws-sdk/client-s3");

/** A request that has no answer by then has failed; the SDK's own tries are inside of it. */
const REQUEST_MS = 20_000;
/** How often the SDK asks a server that does not answer or answers with an error of its own. */
const TRIES = 3;

export interface S3Object {
  readonly text: string;
  readonly etag: string;
}

/** What must hold for a write: nothing is there, or exactly this is. */
export type WriteCondition = { readonly ifNoneMatch: "*" } | { readonly ifMatch: string };

interface Answer {
  readonly status: number | undefined;
  readonly name: string;
}

function answerOf(error: unknown): Answer {
  if (!(error instanceof Error)) return { status: undefined, name: String(error) };
  const status =
    "$metadata" in error &&
    typeof error.$metadata === "object" &&
    error.$metadata !== null &&
    "httpStatusCode" in error.$metadata &&
    typeof error.$metadata.httpStatusCode === "number"
      ? error.$metadata.httpStatusCode
      : undefined;
  // A network's error has a code that says more than its name.
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { status, name: code ?? error.name };
}

/** 412: it does not hold. 409: another write came between. 404: what was to be replaced is not there. */
const REFUSED: ReadonlySet<number | undefined> = new Set([404, 409, 412]);

/** Small objects beside a state in S3. The SDK is loaded with the first request. */
export class S3Objects {
  readonly #place: S3Place;
  readonly #prefix: string;
  #loaded: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined;

  constructor(place: S3Place) {
    this.#place = place;
    this.#prefix = s3Prefix(place);
  }

  /** How a key is told to people. */
  url(key: string): string {
    return `s3://${this.#place.bucket}/${this.#prefix}${key}`;
  }

  /** @throws {LEASE_UNAVAILABLE} */
  async get(key: string): Promise<S3Object | undefined> {
    const { sdk, client } = await this.#sdk();
    try {
      const found = await client.send(new sdk.GetObjectCommand(this.#address(key)), this.#bounded());
      const text = await found.Body?.transformToString("utf8");
      if (text !== undefined && found.ETag !== undefined) return { text, etag: found.ETag };
    } catch (error) {
      // A bucket that is not there answers 404 too.
      if (answerOf(error).name === "NoSuchKey") return undefined;
      throw this.#unavailable("read", key, error);
    }
    throw this.#unavailable("read", key, new TypeError("the answer has no body or no ETag"));
  }

  /**
   * Writes when the condition holds.
   *
   * @returns the new ETag; undefined when it does not hold.
   * @throws {LEASE_UNAVAILABLE}
   */
  async put(key: string, text: string, condition: WriteCondition): Promise<string | undefined> {
    const { sdk, client } = await this.#sdk();
    const command = new sdk.PutObjectCommand({
      ...this.#address(key),
      Body: text,
      ContentType: "application/json",
      ...("ifMatch" in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch }),
    });
    try {
      const { ETag } = await client.send(command, this.#bounded());
      if (ETag !== undefined) return ETag;
    } catch (error) {
      const { status, name } = answerOf(error);
      if (REFUSED.has(status) && name !== "NoSuchBucket") return undefined;
      throw this.#unavailable("written", key, error);
    }
    throw this.#unavailable("written", key, new TypeError("the answer has no ETag"));
  }

  /** Keys below a folder, which ends with a slash. @throws {LEASE_UNAVAILABLE} */
  async list(folder: string): Promise<readonly string[]> {
    const { sdk, client } = await this.#sdk();
    const { Bucket, Key } = this.#address(folder);
    const keys: string[] = [];
    try {
      let token: string | undefined;
      do {
        const page = await client.send(
          new sdk.ListObjectsV2Command({ Bucket, Prefix: Key, ContinuationToken: token }),
          this.#bounded(),
        );
        for (const { Key: found } of page.Contents ?? [])
          if (found !== undefined) keys.push(found.slice(this.#prefix.length));
        token = page.NextContinuationToken;
      } while (token !== undefined);
    } catch (error) {
      throw this.#unavailable("listed", folder, error);
    }
    return keys;
  }

  /** @throws {LEASE_UNAVAILABLE} */
  async remove(key: string): Promise<void> {
    const { sdk, client } = await this.#sdk();
    try {
      await client.send(new sdk.DeleteObjectCommand(this.#address(key)), this.#bounded());
    } catch (error) {
      throw this.#unavailable("removed", key, error);
    }
  }

  close(): void {
    void this.#loaded?.then(
      ({ client }) => client.destroy(),
      () => undefined,
    );
    this.#loaded = undefined;
  }

  #address(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#prefix}${key}` };
  }

  #bounded(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(REQUEST_MS) };
  }

  #sdk(): Promise<{ readonly sdk: Sdk; readonly client: S3Client }> {
    this.#loaded ??= import("@aws-sdk/client-s3").then((sdk) => ({ sdk, client: this.#client(sdk) }));
    return this.#loaded;
  }

  /** Like the engine's backend: credentials by the default chain, path style where an endpoint is given. */
  #client(sdk: Sdk): S3Client {
    const { region, endpoint } = this.#place;
    return new sdk.S3Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      maxAttempts: TRIES,
      requestHandler: { connectionTimeout: 5_000 },
      // Not every S3 server knows the checksums that newer clients send unasked.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
  }

  #unavailable(how: string, key: string, cause: unknown): GroundplaneError {
    const { status, name } = answerOf(cause);
    const said = `${name}${status === undefined ? "" : ` (${status})`}`;
    return new GroundplaneError(
      "LEASE_UNAVAILABLE",
      `${this.url(key)} cannot be ${how}: ${said}. Look at the server, the bucket and the credentials; without it nobody can tell whether someone works on the stack, so nothing was changed.`,
      { cause, facts: { object: this.url(key), answer: said } },
    );
  }
}
