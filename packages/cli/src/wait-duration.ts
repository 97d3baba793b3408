import { z } from "zod";

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** What a person types for a time, in milliseconds: `30s`, `10m`, `2h`. */
export const waitDurationSchema = z
  .string()
  .regex(/^\d{1,6}[smh]$/, 'a whole number with s, m or h, such as "30s", "10m" or "2h"')
  .transform((text) => {
    const unit = z.enum(["s", "m", "h"]).parse(text.slice(-1));
    return Number(text.slice(0, -1)) * UNIT_MS[unit];
  });
