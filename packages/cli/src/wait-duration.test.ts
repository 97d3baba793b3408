import { expect, test } from "vitest";
import { waitDurationSchema } from "./wait-duration.ts";

test.each([
  ["0s", 0],
  ["30s", 30_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
])("%s is %i ms", (text, milliseconds) => {
  expect(waitDurationSchema.parse(text)).toBe(milliseconds);
});

test.each(["", "10", "m", "-5m", "1.5h", "10 m", "5d", "10M", "1e3s", "９s"])(
  "fails when it is %j",
  (text) => {
    expect(waitDurationSchema.safeParse(text).error?.issues[0]?.message).toContain("10m");
  },
);
