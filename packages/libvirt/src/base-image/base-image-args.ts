import type { HypervisorRef } from "../hypervisor/hypervisor.ts";

/** An image with its hash: where it comes from. */
export type ImageSource =
  | {
      /** The host fetches it itself, once. @format https URL of a qcow2 or raw image */
      readonly url: string;
      /** Of the file as it is served, such as in Ubuntu's `SHA256SUMS`. @format 64 hexadecimal digits */
      readonly sha256: string;
    }
  | {
      /**
       * A file of the machine that runs Pulumi. Give every host the same object: it is then hashed once.
       *
       * @format path of a qcow2 or raw image
       */
      readonly file: string;
      /** @format 64 hexadecimal digits */
      readonly sha256: string;
    };

export interface BaseImageArgs {
  readonly hypervisor: HypervisorRef;
  /** Key of one of the hypervisor's pools. @default "default" */
  readonly pool?: string;
  readonly image: ImageSource;
  /** @default "qcow2" */
  readonly format?: "qcow2" | "raw";
  /** How long the host may take to fetch it. @minimum 60 @maximum 86400 @default 3600 */
  readonly timeoutSeconds?: number;
}
