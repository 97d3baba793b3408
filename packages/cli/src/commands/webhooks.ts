import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import type { WebhooksView } from "../project-host.ts";
import { deliveryLines, webhookLines } from "../render/webhooks.ts";
import { withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

/** What a subcommand found: a document for programs, lines for people. */
interface Answer {
  readonly document: unknown;
  readonly lines: readonly string[];
  readonly code: number;
}

/** Runs a subcommand on the project's webhooks, and prints its answer. */
async function onWebhooks(
  context: CommandContext,
  work: (webhooks: WebhooksView) => Answer | Promise<Answer>,
): Promise<number> {
  const options = parseInput(commonOptionsSchema, context.options);
  const answer = await withPipeline(context, options.project, ({ webhooks }) => {
    if (webhooks !== undefined) return work(webhooks);
    throw new GroundplaneError(
      "WEBHOOK_NOT_FOUND",
      "the project has no webhooks: add them to defineProject in groundplane.config.ts.",
    );
  });
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(answer.document, null, 2)}\n`);
  else writeLines(stdout, answer.lines);
  return answer.code;
}

const nameOf = (context: CommandContext): string => parseInput(z.string(), context.arguments[0]);

export const list: CommandHandler = (context) =>
  onWebhooks(context, (webhooks) => {
    const statuses = webhooks.list();
    const lines = webhookLines(statuses, context.style, context.terminal.now());
    return { document: statuses, lines, code: EXIT_CODES.done };
  });

export const test: CommandHandler = (context) =>
  onWebhooks(context, async (webhooks) => {
    const name = nameOf(context);
    const sent = await webhooks.test(name);
    const taken = sent.how === "delivered";
    const { green, red } = context.style;
    return {
      document: { name, ...sent },
      lines: [taken ? green(`✔ ${name} took it`) : red(`✖ ${name} did not take it: ${sent.error}`)],
      code: taken ? EXIT_CODES.done : EXIT_CODES.systemError,
    };
  });

/** What another process delivers is not left behind. */
export const deliver: CommandHandler = (context) =>
  onWebhooks(context, async (webhooks) => {
    const deliveries = await webhooks.deliver(parseInput(z.string().optional(), context.arguments[0]));
    const left = deliveries.some(({ how }) => how === "failed" || how === "stopped");
    return {
      document: deliveries,
      lines: deliveryLines(deliveries, context.style),
      code: left ? EXIT_CODES.systemError : EXIT_CODES.done,
    };
  });

export const skip: CommandHandler = (context) =>
  onWebhooks(context, (webhooks) => {
    const name = nameOf(context);
    const givenUp = webhooks.skip(name);
    const words = `${name}: ${givenUp} ${givenUp === 1 ? "message" : "messages"} given up.`;
    return { document: { name, givenUp }, lines: [words], code: EXIT_CODES.done };
  });
