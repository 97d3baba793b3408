import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { singleEnvironment } from "./single-environment.ts";

const queue = (name: string, Environment: Parameters<typeof verdicts>[1]["inputs"][string]) => ({
  type: "aws:sqs/queue:Queue",
  name,
  inputs: { tags: { Environment } },
});

describe("single-environment", () => {
  it("passes one environment, untagged resources, and what it cannot read", async () => {
    const others = [
      { type: "aws:s3/bucket:Bucket", inputs: {} },
      queue("u", UNKNOWN_MARK),
      queue("s", SECRET_MARK),
      { type: "aws:s3/bucket:Bucket", name: "v", inputs: { tags: UNKNOWN_MARK } },
    ];
    expect(await verdicts(singleEnvironment, queue("a", "dev"), queue("b", "dev"), ...others)).toEqual([]);
    expect(await verdicts(singleEnvironment)).toEqual([]);
  });

  it("fails when a resource is tagged otherwise than most", async () => {
    expect(
      await verdicts(singleEnvironment, queue("a", "prod"), queue("b", "dev"), queue("c", "dev")),
    ).toEqual([`violation: is tagged Environment "prod", where 2 of the stack's resources are "dev"`]);
  });
});
