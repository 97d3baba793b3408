/** An inbound rule of ufw that lets everyone in. */
export interface OpenPorts {
  /** As it stands in the script. */
  readonly line: string;
  readonly first: number;
  readonly last: number;
}

/** `ufw allow …`, and a line of the list that AgentHost's own script reads, which leaves `ufw` out. */
const ALLOW = /^\s*(?:sudo\s+)?(?:ufw\s+)?(?:(?:insert|prepend)\s+(?:\d+\s+)?)?(?:allow|limit)\s+(.*)$/;
const EVERYONE = /^(any|0\.0\.0\.0\/0|::\/0)$/;

/** The rules of a script that let everyone in. */
export function openPorts(script: string): readonly OpenPorts[] {
  return script.split("\n").flatMap((line) => {
    const rule = ALLOW.exec(line)?.[1]?.replace(/\s(comment\s|#).*$/, "");
    if (rule === undefined || /^out\b/.test(rule)) return [];
    const from = /\bfrom\s+(\S+)/.exec(rule)?.[1] ?? "any";
    if (!EVERYONE.test(from)) return [];
    return rangesOf(rule).map(([first, last]) => ({ line: line.trim(), first, last }));
  });
}

function rangesOf(rule: string): readonly (readonly [number, number])[] {
  const long = /\b(from|to)\s/.test(rule);
  const named = long
    ? /\bport\s+([\d:,]+)/.exec(rule)?.[1]
    : /^(?:in\s+)?(?:on\s+\S+\s+)?([\d:,]+)(?:\/|\s|$)/.exec(rule)?.[1];
  // Without a port everything is open; `allow OpenSSH` names a service, which is none of those that are looked for.
  if (named === undefined) return long || /^(in\s+)?on\s/.test(rule) ? [[1, 65_535]] : [];
  return named.split(",").map((range) => {
    const [first = "", last = first] = range.split(":");
    return [Number(first), Number(last)] as const;
  });
}

/** Whether a script switches ufw on. */
export function enablesFirewall(script: string): boolean {
  return /^\s*(?:sudo\s+)?(?:yes\s*\|\s*)?ufw\s+(?:--force\s+)?enable\b/m.test(script);
}
