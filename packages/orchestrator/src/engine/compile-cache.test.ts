import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compileCacheFolder } from "./compile-cache.ts";

let data = "";
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "cache-"));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test("is the owner's alone", async () => {
  const folder = await compileCacheFolder(data);
  expect(folder).toBe(join(data, "cache", "compile"));
  expect(statSync(folder ?? "").mode & 0o777).toBe(0o700);
  expect(await compileCacheFolder(data)).toBe(folder);
});

test("is left out where others may write, or it is a link or no folder", async () => {
  const folder = join(data, "cache", "compile");
  mkdirSync(folder, { recursive: true });
  for (const mode of [0o770, 0o702, 0o750]) {
    chmodSync(folder, mode);
    expect(await compileCacheFolder(data)).toBeUndefined();
  }
  rmSync(folder, { recursive: true });
  mkdirSync(join(data, "elsewhere"), { mode: 0o700 });
  symlinkSync(join(data, "elsewhere"), folder);
  expect(await compileCacheFolder(data)).toBeUndefined();
  rmSync(folder);
  writeFileSync(folder, "");
  expect(await compileCacheFolder(data)).toBeUndefined();
});

test("is the caller's own folder for it, where nobody else can write there", async () => {
  const given = join(data, "given");
  expect(await compileCacheFolder(join(data, "project"), given)).toBe(given);
  expect(statSync(given).mode & 0o777).toBe(0o700);
  chmodSync(given, 0o755);
  const own = join(data, "project", "cache", "compile");
  expect(await compileCacheFolder(join(data, "project"), given)).toBe(own);
  expect(await compileCacheFolder(join(data, "project"), "")).toBe(own);
});
