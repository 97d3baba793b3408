/**
 * What a generated name of a load balancer or target group begins with. AWS takes 32 characters for the name, of which
 * the provider's generated part leaves 6; Pulumi's own naming would refuse a longer component name.
 */
export function namePrefix(name: string): string {
  return name.slice(0, 6);
}
