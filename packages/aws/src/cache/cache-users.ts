import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import type { CacheUserArgs } from "./cache-args.ts";
import type { CachePlan } from "./cache-plan.ts";

/** Who may log in to a cache. */
export interface CacheUsers {
  readonly group: aws.elasticache.UserGroup;
  /** By the name that the caller gave. */
  readonly users: ReadonlyMap<string, aws.elasticache.User>;
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string */
const ACCESS: Readonly<Record<string, string>> = {
  read: "~* &* -@all +@read +@connection",
  write: "~* &* -@all +@read +@write +@pubsub +@transaction +@scripting +@connection",
  admin: "~* &* +@all",
};

/** Makes the users and their group. Their ids are one of a kind in account and region, as the subnet group's name is. */
export function createUsers(
  context: ComponentContext,
  plan: CachePlan,
  subnetGroup: aws.elasticache.SubnetGroup,
): CacheUsers {
  const mark = subnetGroup.id.apply((id) => createHash("sha256").update(id).digest("hex").slice(0, 8));
  const users = new Map(
    Object.entries(plan.users).map(
      ([user, args]) => [user, createUser(context, plan, mark, user, args)] as const,
    ),
  );
  const group = new aws.elasticache.UserGroup(
    context.child("users"),
    {
      engine: plan.engine,
      userGroupId: pulumi.interpolate`${context.name}-${mark}`,
      userIds: [...closedDefault(context, plan, mark), ...users.values()].map(({ userId }) => userId),
      tags: context.tags("users"),
    },
    context.options(),
  );
  return { group, users };
}

function createUser(
  context: ComponentContext,
  { engine }: CachePlan,
  mark: pulumi.Output<string>,
  user: string,
  { access = "write", passwords }: CacheUserArgs,
): aws.elasticache.User {
  const role = `user-${user}`;
  const userId = pulumi.interpolate`${user}-${mark}`;
  return new aws.elasticache.User(
    context.child(role),
    {
      engine,
      userId,
      // Who logs in by IAM does so under the id.
      userName: passwords === undefined ? userId : user,
      accessString: `on ${ACCESS[access] ?? access}`,
      authenticationMode:
        passwords === undefined
          ? { type: "iam" }
          : { type: "password", passwords: pulumi.secret([...passwords]) },
      tags: context.tags(role),
    },
    context.options(),
  );
}

/** A group of Redis users must have a `default` one, whom every client is that does not log in: it may do nothing. */
function closedDefault(
  context: ComponentContext,
  { engine }: CachePlan,
  mark: pulumi.Output<string>,
): readonly aws.elasticache.User[] {
  if (engine === "valkey") return [];
  const role = "default-user";
  return [
    new aws.elasticache.User(
      context.child(role),
      {
        engine,
        userId: pulumi.interpolate`default-${mark}`,
        userName: "default",
        accessString: "off ~* -@all",
        authenticationMode: { type: "no-password-required" },
        tags: context.tags(role),
      },
      context.options(),
    ),
  ];
}
