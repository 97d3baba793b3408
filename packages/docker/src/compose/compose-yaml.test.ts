import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fileArbitrary, service } from "./compose.fixture.ts";
import type { ComposeFile } from "./compose-file.ts";
import { parseCompose, renderCompose } from "./compose-yaml.ts";

const file: ComposeFile = { name: "unit", services: { web: service }, networks: { front: {} } };

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("renderCompose", () => {
  test("writes what parseCompose reads", () => {
    fc.assert(
      fc.property(fileArbitrary, (one) => {
        expect(parseCompose(renderCompose(one))).toEqual(one);
      }),
    );
  });

  test("is read the same as YAML 1.1 and 1.2", () => {
    fc.assert(
      fc.property(fileArbitrary, (one) => {
        const text = renderCompose(one);
        expect(parse(text, { version: "1.1" })).toEqual(parse(text, { version: "1.2" }));
      }),
    );
  });

  test("gives equal text for equal values", () => {
    fc.assert(
      fc.property(fileArbitrary, (one) => {
        const turned = parseCompose(JSON.stringify(reversed(one)).replaceAll("$", "$$$$"));
        expect(renderCompose(turned)).toBe(renderCompose(one));
      }),
    );
  });

  test("doubles every $, so that compose puts no variable there", () => {
    const text = renderCompose({
      ...file,
      services: { web: { ...service, command: ["echo", "$HOME $$"] } },
    });
    expect(text).toContain('- "$$HOME $$$$"');
  });

  test("writes line breaks of YAML 1.1 as escapes", () => {
    const text = renderCompose({ ...file, services: { web: { ...service, command: ["a\u2028b\u0085"] } } });
    expect(text).toContain('- "a\\u2028b\\u0085"');
  });

  test("is this, to the letter", () => {
    expect(renderCompose(file)).toBe(`name: "unit"
networks:
  front: {}
services:
  web:
    deploy:
      resources:
        limits:
          cpus: "0.5"
          memory: "256m"
          pids: 64
    healthcheck:
      interval: "10s"
      retries: 3
      test:
        - "CMD"
        - "true"
      timeout: "5s"
    image: "${service.image}"
    networks:
      front: {}
    user: "1000:1000"
`);
  });
});

describe("parseCompose", () => {
  test("fails when the file says more than a ComposeFile can", () => {
    const text = renderCompose(file).replace("    user:", "    privileged: true\n    user:");
    expect(() => parseCompose(text)).toThrow(/services\.web: .*privileged/);
  });
});
