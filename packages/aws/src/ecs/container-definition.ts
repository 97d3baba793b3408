import * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs } from "./container-args.ts";
import { imageReference } from "./container-image.ts";
import { valueFrom } from "./secrets.ts";

/** The one container of a task. */
export const CONTAINER_NAME = "main";

/** What a container definition has besides the caller's arguments. */
export interface ContainerSetting {
  readonly logGroupName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly port?: number;
  readonly healthCommand?: readonly string[];
}

/** The volume of a temporary path: `/var/run` is `var-run`. */
export const volumeOf = (path: string): string => path.slice(1).replaceAll(/[^A-Za-z0-9]+/g, "-");

/** The JSON of a task definition's containers; lists in a fixed order, so that only a real change shows as one. */
export function containerDefinitions(args: ContainerArgs, setting: ContainerSetting): pulumi.Output<string> {
  const { command, openFiles, temporaryPaths = [], rootUser } = args;
  const { port, healthCommand } = setting;
  return pulumi.jsonStringify([
    {
      name: CONTAINER_NAME,
      image: imageReference(args.image),
      essential: true,
      ...(command !== undefined && { command }),
      user: rootUser === undefined ? (args.user ?? "1000:1000") : "0",
      readonlyRootFilesystem: args.writableRootFilesystem === undefined,
      environment: byName(args.environment).map(([name, value]) => ({ name, value })),
      secrets: byName(args.secrets).map(([name, source]) => ({ name, valueFrom: valueFrom(source) })),
      portMappings: port === undefined ? [] : [{ containerPort: port, hostPort: port, protocol: "tcp" }],
      mountPoints: temporaryPaths
        .toSorted()
        .map((path) => ({ sourceVolume: volumeOf(path), containerPath: path, readOnly: false })),
      linuxParameters: {
        // Reaps what the program leaves behind, and passes signals on.
        initProcessEnabled: true,
        ...(rootUser === undefined && { capabilities: { drop: ["ALL"] } }),
      },
      ...(openFiles !== undefined && {
        ulimits: [{ name: "nofile", softLimit: openFiles, hardLimit: openFiles }],
      }),
      stopTimeout: args.stopTimeoutSeconds ?? 30,
      ...(healthCommand !== undefined && {
        healthCheck: { command: healthCommand, interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
      }),
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": setting.logGroupName,
          "awslogs-region": setting.region,
          "awslogs-stream-prefix": CONTAINER_NAME,
          // A program that cannot log goes on; with "blocking" it stops when CloudWatch does.
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    },
  ]);
}

function byName<Value>(record: Readonly<Record<string, Value>> = {}): readonly (readonly [string, Value])[] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
