import { oneLine } from "./plain-text.ts";

/** `aws:ec2/vpc:Vpc` as `aws:ec2:Vpc`; a component's type as it is. */
export function shortType(type: string): string {
  const parts = type.split(":");
  const module = parts[1]?.split("/")[0];
  return oneLine(parts.length === 3 && module !== undefined ? `${parts[0]}:${module}:${parts[2]}` : type);
}
