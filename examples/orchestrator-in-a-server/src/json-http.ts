import type { IncomingMessage, ServerResponse } from "node:http";
import { ERROR_TABLE, GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import type { z } from "zod";

const BODY_LIMIT_BYTES = 64 * 1024;

/** @throws {INVALID_ARGUMENT} naming the field. */
export function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `${issue?.path.join(".") || "the body"}: ${issue?.message}.`,
  );
}

/** @throws {INVALID_ARGUMENT} when the body is too long or no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) {
      throw new GroundplaneError("INVALID_ARGUMENT", `the body is over ${BODY_LIMIT_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
  } catch (cause) {
    throw new GroundplaneError("INVALID_ARGUMENT", "the body is no JSON.", { cause });
  }
}

export function problem(code: string, message: string, facts: unknown = {}) {
  return { error: { code, message, facts } };
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

/** A known error says what is wrong; of any other nothing leaves the process. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (isGroundplaneError(error)) {
    answer(response, ERROR_TABLE[error.code].httpStatus, problem(error.code, error.message, error.facts));
    return;
  }
  console.error(error);
  answer(response, 500, problem("INTERNAL", "something failed here; the server's log has it"));
}
