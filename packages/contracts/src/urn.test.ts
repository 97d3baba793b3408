import { expect, test } from "vitest";
import { nameOfUrn, typeOfUrn } from "./urn.ts";

test.each([
  ["urn:pulumi:dev::net::a:b:C$d:e:F::main", "main", "d:e:F"],
  ["urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main", "main", "aws:ec2/vpc:Vpc"],
  ["urn:pulumi:dev::net::aws:ec2/vpc:Vpc::team::main", "team::main", "aws:ec2/vpc:Vpc"],
  ["no URN at all", "no URN at all", ""],
])("%s is of %s, a %s", (urn, name, type) => {
  expect([nameOfUrn(urn), typeOfUrn(urn)]).toEqual([name, type]);
});
