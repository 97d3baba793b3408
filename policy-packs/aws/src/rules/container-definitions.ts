import { defineRule, isPropertyMap, type PropertyMap, type Rule, select } from "@groundplane/policy";

const TYPE = "aws:ecs/taskDefinition:TaskDefinition";

const CONTAINER = {
  name: "app",
  image: "registry.example.com/app:1.4.2",
  user: "10001",
  readonlyRootFilesystem: true,
  logConfiguration: { logDriver: "awslogs" },
};
const task = (change: Readonly<Record<string, string | boolean>>) => ({
  family: "app",
  networkMode: "awsvpc",
  containerDefinitions: JSON.stringify([{ ...CONTAINER, ...change }]),
});

interface ContainerRule {
  readonly id: string;
  readonly title: string;
  readonly severity: "medium" | "high";
  readonly why: string;
  readonly remedy: string;
  readonly source: string;
  readonly fault: (container: PropertyMap) => string | undefined;
  /** What makes a good container a bad one. */
  readonly failing: Readonly<Record<string, string | boolean>>;
}

const RULES: readonly ContainerRule[] = [
  {
    id: "ecs-non-root",
    title: "Containers do not run as root",
    severity: "high",
    why: "Root in a container is one bug of the kernel away from root on the host.",
    remedy: 'Set user to an id other than 0, such as "10001", and have the image allow it.',
    source: "Operating manual, section 4, Always Do 6 and Never Do 5; AWS FSBP ECS.20",
    fault: ({ user }) => {
      if (user === undefined || user === null || user === "") return "sets no user";
      return /^(?:root|0+)(?::|$)/.test(String(user)) ? `runs as ${String(user)}` : undefined;
    },
    failing: { user: "root" },
  },
  {
    id: "ecs-read-only-root",
    title: "Containers cannot write to their own file system",
    severity: "medium",
    why: "Who breaks in then has no place to leave a program.",
    remedy: "Set readonlyRootFilesystem: true, and mount a volume where it must write.",
    source: "AWS FSBP ECS.5",
    fault: ({ readonlyRootFilesystem }) =>
      readonlyRootFilesystem === true ? undefined : "may write to its root file system",
    failing: { readonlyRootFilesystem: false },
  },
  {
    id: "ecs-no-privileged",
    title: "Containers are not privileged",
    severity: "high",
    why: "A privileged container is root on its host.",
    remedy: "Leave privileged out, and add the one capability that is needed.",
    source: "AWS FSBP ECS.4",
    fault: ({ privileged }) => (privileged === true ? "is privileged" : undefined),
    failing: { privileged: true },
  },
  {
    id: "ecs-logs",
    title: "Containers say where their logs go",
    severity: "high",
    why: "What a container wrote is gone with it.",
    remedy: "Set logConfiguration.",
    source: "AWS FSBP ECS.9",
    fault: ({ logConfiguration }) => {
      const driver = isPropertyMap(logConfiguration) ? logConfiguration["logDriver"] : undefined;
      return driver === undefined || driver === null ? "has no logConfiguration" : undefined;
    },
    failing: { logConfiguration: "" },
  },
];

/** What ECS task definitions say of their containers, in JSON. */
export const containerRules: readonly Rule[] = RULES.map(({ fault, failing, ...text }) =>
  defineRule({
    ...text,
    appliesTo: [TYPE],
    reads: [{ type: TYPE, property: "containerDefinitions" }],
    examples: {
      passing: [{ type: TYPE, inputs: task({}) }],
      failing: [{ type: TYPE, inputs: task(failing) }],
    },
    check({ props }, report) {
      for (const container of containersOf(props)) {
        const found = fault(container);
        if (found !== undefined) report(`container ${String(container["name"])} ${found}`);
      }
    },
  }),
);

/** None of a text that comes with the change itself: the engine shows it again during up. */
function containersOf(props: PropertyMap): readonly PropertyMap[] {
  return select(props, "containerDefinitions").flatMap((ref) => {
    if (ref.unreadable === "unknown") return [];
    const { value } = ref;
    const containers: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return Array.isArray(containers) ? containers.filter(isPropertyMap) : [];
  });
}
