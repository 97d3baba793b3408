import { defineRule, type Rule } from "@groundplane/policy";
import { DOMAIN, PROVIDER } from "../libvirt-types.ts";
import { textOf } from "../text-of.ts";

/** What is wrong with how a URI reaches its host; undefined where nothing is. */
function faultOf(uri: string): string | undefined {
  if (!URL.canParse(uri)) return "is no URI of libvirt's";
  const { protocol, hostname, searchParams } = new URL(uri);
  const transport = /\+(\w+):$/.exec(protocol)?.[1];
  if (hostname === "" || transport === "unix") return undefined;
  if (transport === "tcp") return "goes over TCP, which anyone on the way reads and changes";
  // The provider takes the parameter being there for its being on, whatever its value.
  if (searchParams.has("no_verify")) return "has no_verify, so that any machine may pass for the host";
  if (transport === undefined || transport === "tls") return undefined;
  if (searchParams.get("known_hosts_verify") === "ignore")
    return "has known_hosts_verify=ignore, so that any machine may pass for the host";
  if ((searchParams.get("knownhosts") ?? "") === "") return "names no knownhosts file";
  if (/password/.test(searchParams.get("sshauth") ?? "")) return "logs in with a password";
  return undefined;
}

const URI = "qemu+ssh://ops@10.220.1.11/system?keyfile=/keys/r820";

/** How hypervisors are reached. */
export const connectionRules: readonly Rule[] = [
  defineRule({
    id: "hypervisor-own-provider",
    title: "Each hypervisor has a provider of its own",
    severity: "critical",
    why: "The default provider means whatever host LIBVIRT_DEFAULT_URI names, or the machine that runs Pulumi.",
    remedy: "Make a Hypervisor, or a Provider with its uri, and give it to the resource as `provider`.",
    source: "pulumi-libvirt issue 168; Pulumi guide, Explicit provider configuration",
    appliesTo: ["libvirt:*"],
    examples: {
      passing: [{ type: DOMAIN, inputs: { name: "athena" } }],
      failing: [{ type: DOMAIN, inputs: { name: "athena" }, byDefaultProvider: true }],
    },
    check({ provider }, report) {
      if (provider === undefined || /^default(_|$)/.test(provider.name))
        report("it is made by the default provider");
    },
  }),
  defineRule({
    id: "hypervisor-known-hosts",
    title: "A hypervisor shows the key that is known",
    severity: "critical",
    why: "Who can pass for the host gets the key's session, and with it every machine.",
    remedy: "Give the URI knownhosts=<file> with the host's key in it, and neither no_verify nor a password.",
    source: "libvirt, Connection URIs, Remote URIs; OpenSSH, ssh(1), Verifying host keys",
    appliesTo: [PROVIDER],
    reads: [{ type: PROVIDER, property: "uri" }],
    examples: {
      passing: [
        { type: PROVIDER, inputs: { uri: `${URI}&knownhosts=/keys/known_hosts&sshauth=privkey` } },
        { type: PROVIDER, inputs: { uri: "qemu:///system" } },
      ],
      failing: [
        { type: PROVIDER, inputs: { uri: URI } },
        { type: PROVIDER, inputs: { uri: `${URI}&knownhosts=/keys/known_hosts&no_verify=1` } },
        { type: PROVIDER, inputs: { uri: "qemu+tcp://10.220.1.11/system" } },
      ],
    },
    check({ props }, report) {
      const uri = textOf(props["uri"]);
      const fault = uri === undefined ? undefined : faultOf(uri);
      if (fault !== undefined) report(`uri ${fault}`);
    },
  }),
];
