export { macAddress } from "./virtual-machine/mac-address.ts";
