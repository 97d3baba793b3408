import type {
  HostCapacity,
  LocalHypervisorConnection,
  NetworkAttachment,
  SshHypervisorConnection,
} from "../hypervisor/hypervisor-args.ts";

/** A host as it is declared, with every value known. */
export interface PreflightHost {
  readonly name: string;
  readonly address: string;
  readonly connection: SshHypervisorConnection | LocalHypervisorConnection;
  readonly capacity: HostCapacity;
  readonly pools: Readonly<
    Record<
      string,
      ({ readonly path: string; readonly name?: string } | { readonly existing: string }) & {
        readonly sizeGiB?: number;
      }
    >
  >;
  /** A network of libvirt that is not made yet is not looked at. */
  readonly network: NetworkAttachment;
  /** @default "kvm" */
  readonly domainType?: "kvm" | "qemu";
}
