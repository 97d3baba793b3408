import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The rest keeps it from asking for anything beyond the page: no updates, no accounts, no experiments. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser's program: GROUNDPLANE_CHROMIUM, else where distributions put it; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env["GROUNDPLANE_CHROMIUM"];
  return (named === undefined ? PLACES : [named]).find((program) => {
    try {
      accessSync(program, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}
