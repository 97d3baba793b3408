import { invalidArgument } from "@groundplane/contracts";

const LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

/**
 * Checks a domain's name: lower case, since DNS answers in it and a change of case would show as one.
 *
 * @param wildcard - whether its first label may be `*`
 * @throws {INVALID_ARGUMENT} it is none (RFC 1035, 2.3.1).
 */
export function checkDomainName(argument: string, name: string, wildcard = false): void {
  const shape = new RegExp(`^${wildcard ? "(\\*\\.)?" : ""}(${LABEL}\\.)+${LABEL}$`);
  if (name.length <= 253 && shape.test(name)) return;
  throw invalidArgument(
    `${argument} is "${name}"; give a name such as shop.example.com in lower case, without a dot at its end`,
    { argument, name },
  );
}
