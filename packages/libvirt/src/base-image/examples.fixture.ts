// The examples of docs/base-image.md, compared verbatim, compiled and run by `component-pages.test.ts`.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { testHost } from "../host.fixture.ts";
import { BaseImage, type ImageSource } from "../index.ts";

export function start(): BaseImage {
  const r820 = testHost();
  // #region start
  const jammy = new BaseImage("r820-jammy", {
    hypervisor: r820,
    image: {
      url: "https://cloud-images.ubuntu.com/releases/jammy/release/ubuntu-22.04-server-cloudimg-amd64.img",
      sha256: "0".repeat(64), // of the line in SHA256SUMS, beside the image
    },
  });
  // #endregion
  return jammy;
}

export function own(): BaseImage {
  const [r420, r820] = [testHost({ name: "r420" }), testHost({ name: "r820" })];
  const file = fileURLToPath(import.meta.url);
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  // #region own
  const image: ImageSource = { file, sha256 };
  const onR420 = new BaseImage("r420-agent", { hypervisor: r420, image });
  const onR820 = new BaseImage("r820-agent", { hypervisor: r820, image, pool: "fast" });
  // #endregion
  void onR420;
  return onR820;
}
