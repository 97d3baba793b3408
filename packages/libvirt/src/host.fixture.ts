import * as pulumi from "@pulumi/pulumi";
import type { HypervisorRef } from "./hypervisor/hypervisor.ts";
import { Provider } from "./resources/provider.ts";

/** A hypervisor for tests, reached over SSH with values that are no keys. */
export function testHost(more: Partial<HypervisorRef> = {}): HypervisorRef {
  return {
    name: "r820",
    address: "10.220.1.11",
    provider: new Provider("host", { uri: "qemu+ssh://ops@10.220.1.11/system" }),
    pools: { default: { name: "default" }, fast: { name: pulumi.output("nvme") } },
    network: { bridge: "br0" },
    domainType: "kvm",
    ssh: { host: "10.220.1.11", user: "ops", privateKey: "no key", hostKey: "ssh-ed25519 AAAA" },
    ...more,
  };
}
