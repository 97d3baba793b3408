import { isIP } from "node:net";
import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { type MachineConnection, MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { checkComponentName } from "../component-name.ts";
import { firewallScripts } from "../firewall/firewall-script.ts";
import type { UfwRule } from "../firewall/ufw-rule.ts";
import type { PinnedDownload } from "../machine-script/pinned-download.ts";
import { inferenceScripts, ollamaUnit, type PinnedModel } from "./inference-script.ts";
import type { LocalModel } from "./model-route.ts";

export interface InferenceServerArgs {
  /** Of a user that may use sudo without a password. A VM has its GPU by `passthrough`. */
  readonly connection: MachineConnection;
  /** The machine's address in the fleet's network: the only one that it listens on. @format IPv4 */
  readonly address: string;
  /** From where it is asked, and reached by SSH. @format CIDR */
  readonly network: string;
  /** As Ollama publishes it for Linux on x64: `sha256sum.txt` beside it has the checksum. */
  readonly ollama: PinnedDownload;
  /** Pulled by name, and compared with the digest before anybody asks them. @default [] */
  readonly models?: readonly PinnedModel[];
  /** How many GPUs the machine must see; 0 computes on its CPUs. @minimum 0 @maximum 16 @default 1 */
  readonly gpus?: number;
  /** Packages of the distribution with the GPU's driver, such as `nvidia-driver-550-server`. @default [] */
  readonly driverPackages?: readonly string[];
  /** @minimum 1024 @maximum 65535 @default 11434 */
  readonly port?: number;
  /** @default - SSH and Ollama, from `network` */
  readonly firewall?: readonly UfwRule[];
}

/** The resources of an `InferenceServer`. */
export interface InferenceServerNodes {
  readonly firewall: MachineSetup;
  readonly server: MachineSetup;
}

/**
 * A machine answers for language models in the fleet's own network: Ollama in one version, as a service of a user of its
 * own, with exactly the models that are named. Made of `firewall` and `server`, which leave the machine as they found it.
 *
 * @example
 * const ollama = new InferenceServer("ollama", {
 *   connection: { host: "10.220.1.20", user: "agent", privateKey: config.requireSecret("sshKey"), hostKey },
 *   address: "10.220.1.20",
 *   network: "10.220.1.0/24",
 *   ollama: { version: "0.13.0", sha256: config.require("ollamaSha256") },
 *   models: [{ name: "llama3:70b", digest: config.require("llama3Digest") }],
 * });
 */
export class InferenceServer extends pulumi.ComponentResource {
  readonly nodes: InferenceServerNodes;
  /** Of its API, which looks at no key. */
  readonly url: string;
  /** Its models, in the order they were given: for `modelRoutes`. */
  readonly models: readonly LocalModel[];

  /**
   * @throws {INVALID_NAME} the name is none
   * @throws {INVALID_ARGUMENT} an argument is out of its bounds
   */
  constructor(name: string, args: InferenceServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    checkComponentName(name);
    const {
      connection,
      address,
      network,
      ollama,
      models = [],
      gpus = 1,
      driverPackages = [],
      port = 11_434,
    } = args;
    checkWhole("gpus", gpus, 0, 16);
    checkWhole("port", port, 1024, 65_535);
    if (isIP(address) !== 4 || address === "0.0.0.0")
      throw invalidArgument(
        `address is "${address}"; give the machine's own address in the fleet's network`,
        {
          address,
        },
      );
    const scripts = inferenceScripts({ ollama, models, address, port, gpus, driverPackages });
    const rules = firewallScripts(
      args.firewall ?? [
        { purpose: "SSH", from: network, port: 22 },
        { purpose: "Ollama", from: network, port },
      ],
    );
    super("groundplane:libvirt:InferenceServer", name, {}, opts);
    const options = { parent: this, ...(opts.deletedWith && { deletedWith: opts.deletedWith }) };
    const firewall = new MachineSetup(`${name}-firewall`, { connection, ...rules }, options);
    // Before the firewall is there nobody listens. A large model takes its time.
    const server = new MachineSetup(
      `${name}-server`,
      {
        connection,
        files: [{ path: "/etc/systemd/system/ollama.service", content: ollamaUnit(address, port) }],
        ...scripts,
        timeoutSeconds: 14_400,
      },
      { ...options, dependsOn: [firewall] },
    );
    this.nodes = { firewall, server };
    this.url = `http://${address}:${port}`;
    this.models = models.map(({ name: model }) => ({ provider: "ollama", model, url: this.url }));
    this.registerOutputs({ url: this.url, models: this.models });
  }
}
