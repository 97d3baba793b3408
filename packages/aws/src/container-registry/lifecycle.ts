import type { ContainerRegistrySize } from "./container-registry-args.ts";

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export function lifecyclePolicy({
  untaggedDays,
  keepLast,
}: Pick<ContainerRegistrySize, "untaggedDays" | "keepLast">): object {
  return {
    rules: [
      {
        rulePriority: 1,
        description: `Untagged images go after ${untaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: `The newest ${keepLast} tagged images are kept`,
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["*"],
          countType: "imageCountMoreThan",
          countNumber: keepLast,
        },
        action: { type: "expire" },
      },
    ],
  };
}
