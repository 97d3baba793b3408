import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { noOpenIngress } from "./no-open-ingress.ts";

type Inputs = Parameters<typeof verdicts>[1]["inputs"];
const judged = (type: string, inputs: Inputs) => verdicts(noOpenIngress, { type, inputs });
const group = (...ingress: Inputs[]) => judged("aws:ec2/securityGroup:SecurityGroup", { ingress });
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };

describe("no-open-ingress", () => {
  it("passes named networks, groups, and open egress", async () => {
    const egress = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];
    const ingress = [
      { ...https, cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["fd00::/8"] },
      { ...https, self: true },
    ];
    expect(await judged("aws:ec2/securityGroup:SecurityGroup", { ingress, egress })).toEqual([]);
    expect(await judged("aws:ec2/securityGroup:SecurityGroup", {})).toEqual([]);
  });

  it("fails when a group is open, and says with which ports", async () => {
    expect(
      await group(
        { ...https, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] },
        { protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] },
        { protocol: "udp", fromPort: 100, toPort: 200, cidrBlocks: ["1.2.3.4/0"] },
        { protocol: "icmp", cidrBlocks: ["0.0.0.0/0"] },
      ),
    ).toEqual([
      "violation: ingress[0].cidrBlocks[1] opens tcp port 443 to 0.0.0.0/0",
      "violation: ingress[2].cidrBlocks[0] opens udp ports 100 to 200 to 1.2.3.4/0",
      "violation: ingress[3].cidrBlocks[0] opens icmp to 0.0.0.0/0",
      "violation: ingress[1].ipv6CidrBlocks[0] opens every port to ::/0",
    ]);
  });

  it("fails when a rule of its own opens it", async () => {
    const rule = { ...https, cidrBlocks: ["0.0.0.0/0"], securityGroupId: UNKNOWN_MARK };
    const type = "aws:ec2/securityGroupRule:SecurityGroupRule";
    expect(await judged(type, { ...rule, type: "ingress" })).toEqual([
      "violation: cidrBlocks[0] opens tcp port 443 to 0.0.0.0/0",
    ]);
    expect(await judged(type, { ...rule, type: "egress" })).toEqual([]);
    expect(
      await judged("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        ipProtocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrIpv6: "::/0",
      }),
    ).toEqual(["violation: cidrIpv6 opens tcp port 22 to ::/0"]);
  });

  it("reports what is certainly open before what is unknown", async () => {
    expect(
      await group({ ...https, cidrBlocks: [UNKNOWN_MARK] }, { ...https, cidrBlocks: ["0.0.0.0/0"] }),
    ).toEqual([
      "violation: ingress[1].cidrBlocks[0] opens tcp port 443 to 0.0.0.0/0",
      "not-evaluated: cannot be evaluated: ingress[0].cidrBlocks[0] is known only after the change is made",
    ]);
    expect(await group({ ...https, cidrBlocks: [SECRET_MARK] })).toEqual([
      "not-evaluated: cannot be evaluated: ingress[0].cidrBlocks[0] is a secret, and policies never see one",
    ]);
  });

  const entry = { protocol: "tcp", fromPort: 1024, toPort: 65535, action: "allow", cidrBlock: "0.0.0.0/0" };
  const acl = (...ingress: Inputs[]) => judged("aws:ec2/networkAcl:NetworkAcl", { ingress });

  it("fails when a network ACL opens port 22 or 3389, the first fitting entry deciding", async () => {
    expect(await acl({ ...entry, ruleNo: 100 })).toEqual([
      "violation: ingress rule 100 opens port 3389 to all IPv4 addresses",
    ]);
    const deny = { ...entry, fromPort: 3389, toPort: 3389, action: "deny", ruleNo: 90 };
    expect(await acl({ ...entry, ruleNo: 100 }, deny)).toEqual([]);
    expect(await acl({ ...entry, ruleNo: 80 }, deny)).toHaveLength(1);
    expect(await acl({ ...entry, fromPort: 80, toPort: 443, ruleNo: 1 })).toEqual([]);
    expect(
      await acl({
        protocol: "-1",
        action: "allow",
        ipv6CidrBlock: "::/0",
        ruleNo: 1,
        fromPort: 0,
        toPort: 0,
      }),
    ).toEqual([
      "violation: ingress rule 1 opens port 22 to all IPv6 addresses",
      "violation: ingress rule 1 opens port 3389 to all IPv6 addresses",
    ]);
    expect(await acl({ ...entry, protocol: "icmp", ruleNo: 1 })).toEqual([]);
  });

  it("stops at an unknown block only where it could open one of those ports", async () => {
    const unknown = { ...entry, cidrBlock: UNKNOWN_MARK };
    expect(await acl({ ...unknown, ruleNo: 1 }, { ...entry, ruleNo: 2 })).toEqual([
      "violation: ingress rule 2 opens port 3389 to all IPv4 addresses",
      "not-evaluated: cannot be evaluated: ingress[0].cidrBlock is known only after the change is made",
    ]);
    expect(
      await acl({ ...unknown, ruleNo: 1, toPort: 2000 }, { ...unknown, ruleNo: 2, action: "deny" }),
    ).toEqual([]);
    expect(await acl(UNKNOWN_MARK)).toEqual([
      "not-evaluated: cannot be evaluated: ingress[0] is known only after the change is made",
    ]);
  });

  it("judges a network ACL's rule by itself, and lets the range of answers in", async () => {
    const type = "aws:ec2/networkAclRule:NetworkAclRule";
    const rule = {
      protocol: "tcp",
      ruleAction: "allow",
      cidrBlock: "0.0.0.0/0",
      ruleNumber: 10,
      networkAclId: UNKNOWN_MARK,
    };
    expect(await judged(type, { ...rule, fromPort: 0, toPort: 65535 })).toEqual([
      "violation: rule 10 opens port 22 and 3389 to 0.0.0.0/0",
    ]);
    expect(await judged(type, { ...rule, fromPort: 1024, toPort: 65535 })).toEqual([]);
    expect(await judged(type, { ...rule, fromPort: 3389, toPort: 3389 })).toHaveLength(1);
    expect(await judged(type, { ...rule, fromPort: 22, toPort: 22, egress: true })).toEqual([]);
    expect(await judged(type, { ...rule, fromPort: 22, toPort: 22, ruleAction: "deny" })).toEqual([]);
  });
});
