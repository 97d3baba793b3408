import { describe, expect, test } from "vitest";
import { FakeHost } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { BUCKET_URN, pendingReport, runRecord, VPC_URN } from "../run.fixture.ts";

async function groundplane(argv: readonly string[]) {
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run: runRecord({ operation: "settle" }) });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, out: terminal.stdoutText, err: terminal.stderrText };
}

describe("pending", () => {
  test("lists what never ended, what to look for and how to settle it, and exits with 3", async () => {
    const { code, out } = await groundplane(["pending", "dev"]);
    expect(code).toBe(3);
    expect(out).toContain("2 operations never ended");
    expect(out).toContain("aws:ec2/vpc:Vpc main-vpc");
    expect(out).toContain('cidrBlock: "10.0.0.0/16"');
    expect(out).toContain("the engine told that it began, and nothing after that");
    expect(out).toContain(`--gone '${VPC_URN}'`);
    expect(out).toContain(`--adopt '${VPC_URN}=ID'`);
    // Only creations are for a person to decide.
    expect(out).not.toContain(`--gone ${BUCKET_URN}`);
    expect(out).not.toContain("\u001b");
  });

  test("prints the report as JSON", async () => {
    const { code, out } = await groundplane(["pending", "dev", "--json"]);
    expect([code, JSON.parse(out)]).toEqual([3, pendingReport()]);
  });

  test("settles by what is said of each", async () => {
    const { code, host, out } = await groundplane([
      ...["pending", "dev", "network", "--gone", "urn:a", "--gone", "urn:b", "--adopt", "urn:c=vpc-1"],
      ...["--confirm", "urn:c", "--dry-run"],
    ]);
    expect(code).toBe(0);
    expect(host.calls).toMatchObject([
      {
        method: "settle",
        request: {
          ...{ stack: "network", environment: "dev", requester: "ada", previewOnly: true },
          ...{ gone: ["urn:a", "urn:b"], adopt: [{ urn: "urn:c", id: "vpc-1" }], confirm: ["urn:c"] },
        },
      },
    ]);
    expect(out).toContain("operations settled");
  });

  test("reads from the cloud where there is nothing to decide", async () => {
    const { host } = await groundplane(["pending", "dev", "--read"]);
    expect(host.calls[0]).toMatchObject({ method: "settle", request: { gone: [], adopt: [] } });
  });

  test("parts a URN from an id with the pending URNs, where both may hold an equals sign", async () => {
    const { host } = await groundplane(["pending", "dev", "--adopt", `${VPC_URN}=a=b==`]);
    expect(host.calls.at(-1)).toMatchObject({ request: { adopt: [{ urn: VPC_URN, id: "a=b==" }] } });
  });

  test.each(["vpc-1", "urn:a", "urn:a=", "=vpc-1"])(
    "fails when it is not said what is adopted: %s",
    async (text) => {
      const { code, err, host } = await groundplane(["pending", "dev", "--adopt", text]);
      expect([code, host.calls]).toEqual([64, []]);
      expect(err).toContain("--adopt takes <urn>=<id>");
    },
  );
});
