import { DEVELOPMENT_TOOLS } from "@groundplane/libvirt";
import { fleetInventorySchema } from "@groundplane/placement";
import { z } from "zod";

const nameSchema = z.string().min(1);
const given = (input: unknown): string => JSON.stringify(input)?.slice(0, 80) ?? "nothing";
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, {
  error: ({ input }) => `${given(input)} is not 64 hexadecimal digits in lower case; sha256sum shows them`,
});
// Not what is there instead: that may be the private one.
const sshKeySchema = z
  .string()
  .regex(/^(ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]+( .*)?$/, "no public key: give the line of the .pub file");

/** A file from the network, by content; `url` is a mirror's, where it is not to come from its publisher. */
const downloadSchema = z.strictObject({
  version: nameSchema,
  sha256: sha256Schema,
  url: z.url().exactOptional(),
});

/** Keys of `Pulumi.<environment>.yaml`. */
export const fleetConfig = z.object({
  /** Hosts and machines, of all phases. */
  inventory: fleetInventorySchema,
  /** 3 is all eighteen agents. */
  phase: z.literal([1, 2, 3]).default(1),
  /** The record: which host each machine is on. */
  placement: z.record(nameSchema, nameSchema).default({}),
  /** A `file` of the machine that deploys, by its absolute path, is uploaded to each host; a `url` each host fetches itself. */
  image: z.union(
    [
      z.strictObject({ url: z.url(), sha256: sha256Schema }),
      z.strictObject({ file: z.string().startsWith("/"), sha256: sha256Schema }),
    ],
    "{ url, sha256 } or { file, sha256 }, the file by its absolute path, and nothing else",
  ),
  /** How the hypervisors are reached from the machine that deploys. The files are that machine's. */
  access: z.strictObject({
    user: nameSchema,
    port: z.int().min(1).max(65_535).default(22),
    privateKeyFile: nameSchema,
    knownHostsFile: nameSchema,
    bridge: nameSchema,
    /** `qemu` is software emulation, ten times slower: for hosts without virtualisation, and for trying things out. */
    domainType: z.enum(["kvm", "qemu"]).default("kvm"),
  }),
  /** People, each with keys of their own. */
  admins: z.record(nameSchema, sshKeySchema),
  /** Node 22 for Linux on x64: its version, and its line of SHASUMS256.txt. `url` is a mirror's, or `file:///…` on the machines. */
  node: z.strictObject({ version: z.string(), sha256: sha256Schema, url: z.string().exactOptional() }),
  /** Version of the npm package `openclaw`. */
  openclaw: z.string(),
  /** From where OpenClaw and AWS CDK come, with what they depend on. @default - npm's own */
  npmRegistry: z.url({ protocol: /^https$/ }).optional(),
  /** Languages and tools on every machine. @default - none */
  development: z
    .strictObject({
      /** Compilers and headers for C and C++. */
      c: z.boolean().default(true),
      tools: z.partialRecord(z.enum(DEVELOPMENT_TOOLS), downloadSchema).default({}),
      cdkVersion: nameSchema.exactOptional(),
    })
    .optional(),
  /** Copies of every machine's disks, which its host makes. @default - none */
  backup: z
    .strictObject({
      /** A calendar event of systemd: `daily`, `*-*-* 02:30:00`. */
      schedule: nameSchema,
      keep: z.int().min(1).max(1000),
      folder: nameSchema.exactOptional(),
    })
    .optional(),
  /** Machines' own keys, which no other is taken for. Others show theirs at the first connection after they were made. */
  hostKeys: z.record(nameSchema, sshKeySchema).default({}),
  /** Phase 2: a machine with a GPU, reached over SSH, which gets Ollama. Agents ask it before a cloud. */
  inference: z
    .strictObject({
      name: nameSchema,
      address: z.ipv4(),
      user: nameSchema,
      /** As in known_hosts. */
      hostKey: nameSchema,
      ollama: downloadSchema,
      models: z.array(z.strictObject({ name: nameSchema, digest: nameSchema })).min(1),
      gpus: z.int().min(0).max(16).default(1),
      /** Packages of the distribution with the GPU's driver. */
      driverPackages: z.array(nameSchema).default([]),
    })
    .optional(),
  /** The model of each cloud that agents ask when nothing local answers, in this order. */
  cloudModels: z.partialRecord(z.enum(["anthropic", "openai", "google"]), nameSchema).default({}),
  /** Public half of the secret `fleet-deploy-key`, with which machines are set up. */
  deployKey: sshKeySchema,
  /** Networks of the people who administer the fleet, and of the machine that deploys. */
  workstations: z
    .array(z.cidrv4({ error: ({ input }) => `${given(input)} is no IPv4 network, as 10.0.0.0/24` }))
    .min(1),
  /**
   * Addresses out there that answer at the ports of the matrix's rows, so that these rows are tried too: 443 for the
   * internet, 22 for GitHub. @default - these rows are not tried
   */
  probes: z.partialRecord(z.enum(["internet", "github"]), z.ipv4()).default({}),
  domain: z.string().optional(),
  /** ufw on the hosts too, but Mattermost's, whose own stack has it. */
  hypervisorFirewall: z.boolean().default(false),
  /** Disks are not deleted or replaced before it is taken off. */
  protected: z.boolean().default(false),
  /** Where secrets come from; `made-up` is for sandboxes alone. */
  secrets: z.enum(["made-up", "sops", "vault"]).default("made-up"),
});

export type FleetConfig = z.output<typeof fleetConfig>;
