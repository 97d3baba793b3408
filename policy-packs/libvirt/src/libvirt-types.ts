/** Type tokens that the rules are on. */
export const PROVIDER = "pulumi:providers:libvirt";
export const DOMAIN = "libvirt:index/domain:Domain";
export const VOLUME = "libvirt:index/volume:Volume";
export const POOL = "libvirt:index/pool:Pool";
export const NETWORK = "libvirt:index/network:Network";
export const CLOUD_INIT_DISK = "libvirt:index/cloudInitDisk:CloudInitDisk";
export const MACHINE_SETUP = "groundplane-machine:index:Setup";
/** The component that declares what a host has. */
export const HYPERVISOR = "groundplane:libvirt:Hypervisor";
