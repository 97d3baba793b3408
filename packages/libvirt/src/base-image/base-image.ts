import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { checkComponentName } from "../component-name.ts";
import type { PoolRef } from "../hypervisor/hypervisor.ts";
import { poolOf } from "../hypervisor/pool-of.ts";
import { Volume } from "../resources/volume.ts";
import type { BaseImageArgs } from "./base-image-args.ts";
import { baseVolumeName } from "./base-volume-name.ts";
import { fetchedScript, fetchScript } from "./fetch-script.ts";
import { verifyFile } from "./verify-file.ts";

/** What machines need of an image. A `Volume` is one with `{ volumeId: volume.id }`. */
export interface BaseImageRef {
  /** Of a volume on the machine's hypervisor, in any of its pools. */
  readonly volumeId: pulumi.Input<string>;
}

/** The resources of a `BaseImage`. */
export interface BaseImageNodes {
  /** Absent where the image is uploaded. */
  readonly fetch?: MachineSetup;
  readonly volume: Volume;
}

/**
 * A volume that machines' disks are clones of, on one hypervisor and in one pool, named by the hash of its content.
 *
 * Creates, named `${name}-…`: `fetch` (where the host fetches the image itself), `volume`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class BaseImage extends pulumi.ComponentResource implements BaseImageRef {
  readonly volumeId: pulumi.Output<string>;
  readonly volumeName: string;
  readonly sha256: string;
  readonly nodes: BaseImageNodes;

  constructor(name: string, args: BaseImageArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { hypervisor, image, format = "qcow2" } = args;
    check(name, args);
    const pool = poolOf(hypervisor, args.pool ?? "default");
    super("groundplane:libvirt:BaseImage", name, {}, options);

    this.sha256 = image.sha256;
    this.volumeName = baseVolumeName(image.sha256, format);
    const fetch = this.#fetch(name, args, pool);
    const volume = new Volume(
      `${name}-volume`,
      {
        name: this.volumeName,
        pool: pool.name,
        format,
        ...("file" in image && { source: image.file }),
      },
      {
        parent: this,
        provider: hypervisor.provider,
        // The provider takes a volume that is there as it is: the one that the host fetched.
        ...(fetch && { dependsOn: [fetch] }),
        // Where the file was when it was uploaded does not matter: its name says what it holds.
        ignoreChanges: ["source"],
      },
    );

    this.nodes = { volume, ...(fetch && { fetch }) };
    this.volumeId = volume.id;
    this.registerOutputs({ volumeId: this.volumeId, volumeName: this.volumeName, sha256: this.sha256 });
  }

  #fetch(
    name: string,
    { hypervisor, image, timeoutSeconds = 3600 }: BaseImageArgs,
    pool: PoolRef,
  ): MachineSetup | undefined {
    const connection = hypervisor.ssh;
    if (!("url" in image) || connection === undefined) return undefined;
    const { url, sha256 } = image;
    const plan = pulumi
      .output(pool.name)
      .apply((poolName) => ({ url, sha256, poolName, volumeName: this.volumeName }));
    return new MachineSetup(
      `${name}-fetch`,
      { connection, setup: plan.apply(fetchScript), check: plan.apply(fetchedScript), timeoutSeconds },
      { parent: this },
    );
  }
}

function check(name: string, { hypervisor, image, format, timeoutSeconds }: BaseImageArgs): void {
  checkComponentName(name);
  checkOneOf("format", format, ["qcow2", "raw"]);
  checkWhole("timeoutSeconds", timeoutSeconds, 60, 86_400);
  if (!/^[0-9a-f]{64}$/.test(image.sha256))
    throw invalidArgument(`image.sha256 is "${image.sha256}"; give 64 hexadecimal digits, in lower case`, {
      argument: "image.sha256",
      sha256: image.sha256,
    });
  if ("url" in image && !/^https?:\/\/[^\s'"]+$/.test(image.url))
    throw invalidArgument(`image.url is "${image.url}"; give an https URL`, {
      argument: "image.url",
      url: image.url,
    });
  if ("url" in image && hypervisor.ssh === undefined)
    throw invalidArgument(
      `${hypervisor.name} is not reached over SSH, so it cannot fetch an image itself; give image.file`,
      { argument: "image.url", hypervisor: hypervisor.name },
    );
  if ("file" in image) verifyFile(image);
}
