import { type MachineConnection, MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import type { HardenedComposeFile } from "../compose/hardened-compose.ts";
import { type ComposeProjectPlan, planComposeProject } from "./project-plan.ts";

export interface ComposeProjectArgs {
  /** The machine, with Docker Engine and its compose plugin. */
  readonly connection: MachineConnection;
  /** What runs: `hardenedCompose(composeFile({ … }))`. */
  readonly file: HardenedComposeFile;
  /**
   * Contents of the secrets that the file declares, by name. Each becomes a file of the machine, mode 0400, that the user
   * of the services alone can read. A new content makes every container anew.
   *
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Where the project is. Two levels deep at least. @default `/opt/<name of the file>` */
  readonly folder?: string;
  /**
   * POSIX shell between writing the files and `docker compose up`. `compose` runs `docker compose` on the project. Holds
   * no secret: it can read their files.
   *
   * @default - none
   */
  readonly beforeUp?: string;
  /** How long services have to become healthy. @minimum 10 @maximum 3600 @default 300 */
  readonly waitSeconds?: number;
  /**
   * Deleting the project deletes its volumes and data folders, for this reason. The pipeline lets that happen only to what a
   * confirmation names.
   *
   * @default - they stay
   */
  readonly dataGoesWithIt?: { readonly reason: string };
}

export interface ComposeProjectNodes {
  readonly setup: MachineSetup;
}

/**
 * A compose project that runs on a machine: its services are up, healthy, and come back after a restart of the machine.
 *
 * Creates, named `${name}-…`: `setup`, a `MachineSetup`. Deleting it stops the services; their data stays. A refresh sees
 * a service that is not healthy or runs another image.
 *
 * @example
 * const project = new ComposeProject("web", { connection, file: hardenedCompose(file) });
 *
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export class ComposeProject extends pulumi.ComponentResource {
  /** Known once all services are healthy. */
  readonly folder: pulumi.Output<string>;
  readonly plan: ComposeProjectPlan;
  readonly nodes: ComposeProjectNodes;

  constructor(name: string, args: ComposeProjectArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { secrets = {}, waitSeconds = 300 } = args;
    const plan = planComposeProject({ ...args, secretNames: Object.keys(secrets) });
    super("groundplane:docker:ComposeProject", name, {}, options);

    const setup = new MachineSetup(
      `${name}-setup`,
      {
        connection: args.connection,
        files: [
          { path: plan.composePath, content: plan.composeText },
          ...plan.secretFiles.map(({ name: secret, path, user, group }) => ({
            path,
            content: pulumi.secret(secrets[secret] ?? ""),
            mode: "0400",
            owner: user,
            group,
          })),
        ],
        setup: plan.setup,
        reset: plan.reset,
        check: plan.check,
        // The pipeline's guard asks for a confirmation by name where it sees this.
        ...(args.dataGoesWithIt !== undefined && {
          triggers: { "deletes-data": args.dataGoesWithIt.reason },
        }),
        // Images are pulled before the wait begins.
        timeoutSeconds: waitSeconds + 1800,
      },
      { parent: this },
    );
    this.plan = plan;
    this.nodes = { setup };
    this.folder = setup.healthy.apply(() => plan.folder);
    this.registerOutputs({ folder: this.folder });
  }
}
