import { describe, expect, test } from "vitest";
import { readUserData, textsOf } from "./user-data.ts";

describe("user-data", () => {
  test("is read for its config and for what it runs", () => {
    const text = `#cloud-config
ssh_pwauth: false
bootcmd: [[sh, -c, "echo a"]]
runcmd:
  - ufw --force enable
  - [ufw, allow, 22]
write_files:
  - { path: /a, content: plain }
  - { path: /b, encoding: b64, content: ${Buffer.from("hidden").toString("base64")} }
  - { path: /c }
`;
    const read = readUserData(text);
    expect(read?.config["ssh_pwauth"]).toBe(false);
    expect(read?.scripts).toEqual(["sh -c echo a", "ufw --force enable", "ufw allow 22", "plain", "hidden"]);
  });

  test.each([
    ["nothing", "", []],
    ["a script", "#!/bin/sh\necho a\n", ["#!/bin/sh\necho a\n"]],
    ["a config that says nothing", "#cloud-config\n", []],
    ["a template", "## template: jinja\n#cloud-config\nruncmd: [a]\n", ["a"]],
  ])("%s runs that", (_what, text, scripts) => {
    expect(readUserData(text)?.scripts).toEqual(scripts);
  });

  test.each([
    "#include\nhttps://example.com/x\n",
    "Content-Type: multipart/mixed\n",
    "\u001f\u008b",
    "#cloud-configs",
  ])("%j is of a form that nobody looks into", (text) => expect(readUserData(text)).toBeUndefined());

  test("fails when it is no YAML", () => {
    expect(() => readUserData("#cloud-config\na: [")).toThrow();
  });
});

test("texts are told with the name that they stand under", () => {
  expect(textsOf({ a: "1", list: ["2", { b: "3" }], n: 4 })).toEqual([
    { name: "a", text: "1" },
    { name: "list", text: "2" },
    { name: "b", text: "3" },
  ]);
});
