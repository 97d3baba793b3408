import { invalidArgument } from "@groundplane/contracts";

/**
 * @throws {INVALID_ARGUMENT} the address is none, or holds a user's name or a password
 */
export function checkRegistry(npmRegistry: string | undefined): void {
  if (
    npmRegistry === undefined ||
    /^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/.test(npmRegistry)
  )
    return;
  throw invalidArgument(
    `npmRegistry is "${npmRegistry}"; give an address that begins with https:// and holds no user, such as https://npm.example.com/`,
    { npmRegistry },
  );
}

/** For `npm install`, with a space behind it; empty for npm's own registry. */
export function registryOption(npmRegistry: string | undefined): string {
  return npmRegistry === undefined ? "" : `--registry ${npmRegistry} `;
}
