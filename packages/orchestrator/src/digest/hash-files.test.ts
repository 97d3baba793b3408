import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashFiles, hashFolder, sha256OfBytes } from "./hash-files.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hash-files-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test("sha256OfBytes is SHA-256", () => {
  // FIPS 180-2, appendix B.1.
  expect(sha256OfBytes("abc")).toBe(
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(sha256OfBytes(Buffer.from("abc"))).toBe(sha256OfBytes("abc"));
});

describe("hashFiles", () => {
  test("is the same in any order, and for files named twice", async () => {
    const files = ["a", "b/c", "b/d", "e"].map((name) => write(name, name));
    const hash = await hashFiles(root, files);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(files, { minLength: files.length }), async (order) => {
        expect(await hashFiles(root, [...order, ...order.slice(1)])).toBe(hash);
      }),
    );
  });

  test("moves with a content, with a name, and with a file more or less", async () => {
    const [a, b] = [write("a", "1"), write("b", "2")];
    const hash = await hashFiles(root, [a, b]);
    const others = [
      await hashFiles(root, [a]),
      await hashFiles(root, [a, b, write("c", "")]),
      await hashFiles(root, []),
    ];
    write("b", "3");
    others.push(await hashFiles(root, [a, b]));
    others.push(await hashFiles(root, [a, write("d", "2")]));
    write("a", "2");
    write("b", "1");
    others.push(await hashFiles(root, [a, b]));
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });

  test("takes no name for a content: a line break in a name makes no second file", async () => {
    const one = await hashFiles(root, [write("a", "1"), write("b", "2")]);
    const forged = `a" ${sha256OfBytes("1")}\n"b`;
    const other = await hashFiles(root, [write(forged.replaceAll("/", "_"), "2")]);
    expect(other).not.toBe(one);
  });

  test("does not depend on where the root is", async () => {
    const here = await hashFiles(root, [write("x/a", "1")]);
    expect(await hashFiles(join(root, "y"), [write("y/x/a", "1")])).toBe(here);
  });

  test("fails when a file is not there", async () => {
    await expect(hashFiles(root, [join(root, "gone")])).rejects.toThrow("ENOENT");
  });
});

describe("hashFolder", () => {
  test("holds every file at any depth, dot files too, and neither packages nor git's", async () => {
    write("a", "1");
    write("b/c/d", "2");
    const hash = await hashFolder(root);
    for (const name of [
      "node_modules/x/index.js",
      "b/node_modules/y",
      ".git/HEAD",
      ".groundplane/journal.db",
    ]) {
      write(name, "x");
      expect(await hashFolder(root), name).toBe(hash);
    }
    for (const name of [".npmrc", "b/c/e"]) {
      const before = await hashFolder(root);
      write(name, "x");
      expect(await hashFolder(root), name).not.toBe(before);
    }
  });

  test("moves when what a link leads to moves", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "hash-elsewhere-"));
    try {
      writeFileSync(join(elsewhere, "rule.js"), "strict");
      mkdirSync(join(elsewhere, "rules"));
      writeFileSync(join(elsewhere, "rules", "more.js"), "strict");
      write("index.js", "import './rule.js'");
      symlinkSync(join(elsewhere, "rule.js"), join(root, "rule.js"));
      symlinkSync(join(elsewhere, "rules"), join(root, "rules"));
      const hash = await hashFolder(root);
      writeFileSync(join(elsewhere, "rule.js"), "lax");
      const afterFile = await hashFolder(root);
      expect(afterFile).not.toBe(hash);
      writeFileSync(join(elsewhere, "rules", "more.js"), "lax");
      expect(await hashFolder(root)).not.toBe(afterFile);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  test("ends where a link leads back", async () => {
    write("a/b", "1");
    symlinkSync(root, join(root, "a", "up"));
    expect(await hashFolder(root)).toMatch(/^sha256:/);
  });

  test("fails when a link leads nowhere", async () => {
    symlinkSync(join(root, "gone"), join(root, "link"));
    await expect(hashFolder(root)).rejects.toThrow("ENOENT");
  });
});
