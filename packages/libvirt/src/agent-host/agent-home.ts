/** Where the agent's user lives on its machine. */
export function agentHome(user: string): string {
  return `/home/${user}`;
}
