import { awsCloud } from "./aws/aws-cloud.ts";
import { libvirtCloud } from "./libvirt/libvirt-cloud.ts";
import { machineCloud } from "./machine/machine-cloud.ts";
import type { Cloud } from "./provider/cloud.ts";

/** A cloud that the sandbox can stand in for, by the name of its provider plugin. */
export type CloudName = "aws" | "libvirt" | "groundplane-machine";

/** Every cloud that there is a catalog of. */
export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  aws: awsCloud,
  libvirt: libvirtCloud,
  "groundplane-machine": machineCloud,
};
