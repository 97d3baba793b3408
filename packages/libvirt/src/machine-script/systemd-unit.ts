/** Without a running systemd, as in an image that is being built, a unit is only told to start with the machine. */
const RUNNING = "[ -d /run/systemd/system ]";

/** Shell that starts a unit now and with the machine, with its files as they are. */
export function startUnit(unit: string): string {
  return `systemctl enable --quiet ${unit}
if ${RUNNING}; then
  systemctl daemon-reload
  systemctl reset-failed ${unit} 2>/dev/null || true
  systemctl restart ${unit}
fi
`;
}

/** Shell that stops a unit, and starts it no more; its file goes after that. */
export function stopUnit(unit: string): string {
  return `if ${RUNNING}; then systemctl stop ${unit} 2>/dev/null || true; fi
systemctl disable --quiet ${unit} 2>/dev/null || true
`;
}

/** Shell that fails where the unit does not run, or does not start with the machine. */
export function unitRuns(unit: string): string {
  return `systemctl is-enabled --quiet ${unit} || { echo "${unit} does not start with the machine"; exit 1; }
if ${RUNNING}; then
  systemctl is-active --quiet ${unit} || { echo "${unit} is $(systemctl is-active ${unit} || true)"; exit 1; }
fi
`;
}
