import type { MachineConnection } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { DiskBackup } from "../disk-backup/disk-backup.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { poolOf } from "../hypervisor/pool-of.ts";
import { CloudInitDisk } from "../resources/cloud-init-disk.ts";
import { Domain } from "../resources/domain.ts";
import { Volume } from "../resources/volume.ts";
import { shortHash } from "../short-hash.ts";
import { checkVirtualMachine } from "./check-virtual-machine.ts";
import { passthroughStylesheet } from "./passthrough.ts";
import { plainCloudInit } from "./plain-cloud-init.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";
import { planVirtualMachine, type VirtualMachinePlan, type VolumePlan } from "./virtual-machine-plan.ts";

/** The resources of a `VirtualMachine`. */
export interface VirtualMachineNodes {
  readonly root: Volume;
  /** In the order of `disks`. */
  readonly disks: readonly Volume[];
  readonly cloudInit: CloudInitDisk;
  readonly domain: Domain;
  /** Present with `backup`. */
  readonly backup?: DiskBackup;
}

/** The CD is swapped live, the rest of a card is not: the provider says it did, and does nothing. */
const NOT_APPLIED_LIVE = ["bridge", "networkId", "networkName", "mac"].map(
  (field) => `networkInterfaces[*].${field}`,
);

/**
 * A virtual machine with a static address that cloud-init sets up at its first start. Nobody has a password.
 *
 * Creates, named `${name}-…`: `root` and `disk-${disk}` (volumes), `cloud-init`, `domain`, and with a backup what a
 * `DiskBackup` creates.
 *
 * A secret among what cloud-init gets is an error of the program, which then makes nothing.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class VirtualMachine extends pulumi.ComponentResource {
  /** Its name in libvirt, and its host name. */
  readonly machineName: string;
  readonly ipAddress: string;
  /** In lower case. */
  readonly macAddress: string;
  /** UUID of the domain: another one each time the domain is made anew. */
  readonly domainId: pulumi.Output<string>;
  /** What cloud-init knows the machine by: it changes with user-data and network-config. */
  readonly instanceId: pulumi.Output<string>;
  /** Another one when the first disk is made anew: what was set up on the machine is gone then. */
  readonly diskIdentity: pulumi.Output<string>;
  readonly nodes: VirtualMachineNodes;

  constructor(name: string, args: VirtualMachineArgs, options: pulumi.ComponentResourceOptions = {}) {
    checkVirtualMachine(name, args);
    super("groundplane:libvirt:VirtualMachine", name, {}, options);
    const { hypervisor } = args;
    const plan = planVirtualMachine(name, pulumi.getStack(), args);
    const documents = plainCloudInit(name, args, plan, this);
    const of = {
      parent: this,
      provider: hypervisor.provider,
      // To the engine another provider of the same plugin is no reason to replace: it would look for the machine there.
      replacementTrigger: hypervisor.name,
    };

    const volume = (planned: VolumePlan, baseVolumeId?: pulumi.Input<string>): Volume =>
      new Volume(
        `${name}-${planned.role}`,
        {
          name: planned.name,
          pool: poolOf(hypervisor, planned.pool).name,
          size: planned.sizeBytes,
          format: "qcow2",
          ...(baseVolumeId !== undefined && { baseVolumeId }),
        },
        // One of the same name that is there already would be taken as it is: the old one goes first.
        { ...of, deleteBeforeReplace: true, protect: args.protected ?? false },
      );
    const root = volume(plan.root, args.image.volumeId);
    const disks = plan.disks.map((planned) => volume(planned));
    const cloudInit = new CloudInitDisk(
      `${name}-cloud-init`,
      {
        name: documents.apply(({ instanceId }) => `${plan.isoPrefix}-${instanceId.slice(-12)}.iso`),
        pool: poolOf(hypervisor, plan.root.pool).name,
        userData: documents.userData,
        networkConfig: documents.networkConfig,
        metaData: documents.metaData,
      },
      of,
    );
    const domain = new Domain(
      `${name}-domain`,
      {
        name,
        ...domainShape(hypervisor, args, plan),
        disks: [root, ...disks].map(({ id }) => ({ volumeId: id })),
        cloudinit: cloudInit.id,
      },
      { ...of, deleteBeforeReplace: true, replaceOnChanges: NOT_APPLIED_LIVE },
    );
    const backup =
      args.backup &&
      new DiskBackup(
        `${name}-backup`,
        { ...args.backup, hypervisor, machineName: name, diskPaths: [root, ...disks].map(({ id }) => id) },
        { parent: this, dependsOn: [domain] },
      );

    this.nodes = { root, disks, cloudInit, domain, ...(backup && { backup }) };
    this.machineName = name;
    this.ipAddress = plan.ipAddress;
    this.macAddress = plan.macAddress;
    this.domainId = domain.id;
    this.instanceId = documents.instanceId;
    this.diskIdentity = pulumi
      .output(args.image.volumeId)
      .apply((base) => shortHash(JSON.stringify([hypervisor.name, plan.root, base])));
    const { machineName, ipAddress, macAddress, domainId, instanceId, diskIdentity } = this;
    this.registerOutputs({ machineName, ipAddress, macAddress, domainId, instanceId, diskIdentity });
  }

  /**
   * How the machine is reached, for a `MachineSetup` on it, which also needs `dependsOn: [machine]`. Without a host key
   * the first one that the machine shows is taken, and taken anew when its disk is.
   */
  connection(given: {
    readonly user: pulumi.Input<string>;
    readonly privateKey: pulumi.Input<string>;
    readonly hostKey?: MachineConnection["hostKey"];
  }): MachineConnection {
    const { user, privateKey } = given;
    const hostKey = given.hostKey ?? {
      trustOnFirstUse: {
        reason: "the machine makes its own host key when it starts for the first time",
        machineId: this.diskIdentity,
      },
    };
    // A plain text: if it came from the domain, each change that restarts the machine would undo all that is set up on it.
    return { host: this.ipAddress, user, privateKey, hostKey };
  }
}

function domainShape(hypervisor: HypervisorRef, args: VirtualMachineArgs, plan: VirtualMachinePlan) {
  const { passthrough = [] } = args;
  return {
    type: hypervisor.domainType,
    memory: plan.memoryMiB,
    vcpu: plan.vcpus,
    autostart: args.autostart ?? true,
    metadata: plan.metadata,
    // The one mode that reads back as it was given.
    ...(hypervisor.domainType === "kvm" && { cpu: { mode: "host-passthrough" } }),
    networkInterfaces: [{ ...hypervisor.network, mac: plan.macAddress, waitForLease: false }],
    ...((args.console ?? true) && {
      consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
    }),
    graphics: { type: "vnc", listenType: "address", listenAddress: "127.0.0.1", autoport: true },
    ...(passthrough.length > 0 && { xml: { xslt: passthroughStylesheet(passthrough) } }),
  };
}
