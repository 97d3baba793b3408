/** Type tokens of the provider. */
export const DOMAIN = "libvirt:index/domain:Domain";
export const VOLUME = "libvirt:index/volume:Volume";
export const POOL = "libvirt:index/pool:Pool";
export const NETWORK = "libvirt:index/network:Network";
export const CLOUD_INIT_DISK = "libvirt:index/cloudInitDisk:CloudInitDisk";
export const COMBUSTION = "libvirt:index/combustion:Combustion";
export const IGNITION = "libvirt:index/ignition:Ignition";
