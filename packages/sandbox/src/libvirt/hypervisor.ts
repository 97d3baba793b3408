/**
 * The hypervisor that a connection URI leads to, by its host, its port and its socket. User, key and other parameters
 * change how it is reached, not which one it is.
 */
export function hypervisorOf(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const { hostname, port, pathname, searchParams } = new URL(uri);
  const socket = searchParams.get("socket");
  const where = hostname === "" ? (socket ?? "localhost") : hostname;
  // The daemon of a user is another one than the system's.
  const daemon = pathname === "/system" || pathname === "" ? "" : pathname;
  return `${where}${port === "" ? "" : `:${port}`}${daemon}`;
}
