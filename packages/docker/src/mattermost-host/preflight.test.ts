import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { PREFLIGHT_SCRIPT, preflightProblems } from "./preflight.ts";

const problems = (stdout: string) => preflightProblems("r720xd", stdout).map(({ problem }) => problem);

describe("the look at a machine before Mattermost", () => {
  test("finds nothing on one that is ready", () => {
    expect(problems("free 500000\nend\n")).toEqual([]);
  });

  test("says what is missing, and what to do", () => {
    expect(
      preflightProblems("r720xd", "program python3\ncompose\nengine\nbridge br0\nfree 100\nend\n"),
    ).toEqual([
      { subject: "r720xd", problem: "there is no python3", remedy: "install python3 on the machine" },
      {
        subject: "r720xd",
        problem: "docker has no compose plugin",
        remedy: "install docker-compose-plugin on the machine",
      },
      {
        subject: "r720xd",
        problem: "Docker Engine does not answer",
        remedy: "start it: systemctl enable --now docker",
      },
      {
        subject: "r720xd",
        problem: "what machines on the bridge br0 send passes the engine's firewall, which drops it",
        remedy: "set net.bridge.bridge-nf-call-iptables=0 in /etc/sysctl.d",
      },
      { subject: "r720xd", problem: "/opt has 100 MiB free", remedy: "make room for 4096 MiB at least" },
    ]);
  });

  test.each(["", "free 500000\n", "free \nend"])("never passes what it cannot read: %j", (stdout) => {
    expect(problems(stdout)).toHaveLength(1);
  });

  test("is a script that ends here, too, with words that are known", () => {
    const { status, stdout } = spawnSync("sh", ["-c", PREFLIGHT_SCRIPT], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^((program \S+|compose|engine|bridge \S+|free \d+)\n)*end\n$/);
  });
});
