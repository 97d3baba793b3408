import { invalidArgument } from "@groundplane/contracts";
import { type RemoteResult, runOverSsh } from "@groundplane/machine";
import { keysOfFiles } from "../hypervisor/ssh-of-host.ts";
import { runHere } from "../run-here.ts";
import type { PreflightHost } from "./preflight-host.ts";

/** Runs a script on a host. */
export type ProbeHost = (host: PreflightHost, script: string, signal?: AbortSignal) => Promise<RemoteResult>;

/** As the provider will: with the same key, and the same host key. */
export const probeHost: ProbeHost = async ({ address, connection }, script, signal) => {
  if (connection.type === "local") return runHere(script, signal);
  const { user, port, setup } = connection;
  const { privateKey, hostKey: known } = keysOfFiles(address, connection);
  const hostKey = known ?? setup?.hostKey;
  if (typeof hostKey !== "string")
    throw invalidArgument(
      "its host key is not known, so that nothing was looked at; give connection.knownHostsFile, or connection.setup.hostKey",
    );
  return runOverSsh(
    { host: address, user, privateKey, hostKey, ...(port !== undefined && { port }) },
    script,
    {
      timeoutSeconds: 60,
      connectTimeoutSeconds: 15,
      ...(signal && { signal }),
    },
  );
};
