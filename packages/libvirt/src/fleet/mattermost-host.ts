import { invalidArgument } from "@groundplane/contracts";
import type { FleetHost } from "@groundplane/placement";

/** Its name in a host's `used`. */
const MATTERMOST = "mattermost";

/**
 * The host that Mattermost runs on: the one that is named, else the one that has it in `used`.
 *
 * @throws {INVALID_ARGUMENT} the host that is named is not there.
 */
export function mattermostHost(
  hosts: readonly FleetHost[],
  mattermost: string | undefined,
): FleetHost | undefined {
  const on = hosts.find(({ name, used }) =>
    mattermost === undefined ? used.some((service) => service.name === MATTERMOST) : name === mattermost,
  );
  if (mattermost === undefined || on !== undefined) return on;
  throw invalidArgument(
    `mattermost is "${mattermost}"; choose a host of the inventory: ${hosts.map(({ name }) => name).join(", ")}`,
    { argument: "mattermost", value: mattermost },
  );
}
