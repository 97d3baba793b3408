/**
 * Shell that sets `GROUNDPLANE_PEER`: the address from which this connection comes, as the machine sees it. sudo takes
 * sshd's variable away, but root may read what the processes before it began with. Empty where it cannot be known.
 */
export const FIND_PEER = `GROUNDPLANE_PEER=\${SSH_CONNECTION:-}
peer_process=$PPID
while [ -z "$GROUNDPLANE_PEER" ] && [ "\${peer_process:-0}" -gt 1 ]; do
  GROUNDPLANE_PEER=$(tr '\\0' '\\n' <"/proc/$peer_process/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p')
  peer_process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$peer_process/status" 2>/dev/null)
done
GROUNDPLANE_PEER=\${GROUNDPLANE_PEER%% *}
export GROUNDPLANE_PEER
`;
