import type { Tags } from "@groundplane/contracts";
import type { HostedZoneRef } from "../hosted-zone/hosted-zone.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";

export type CertificateAlarm = "expiry";

/** Elliptic curves make smaller handshakes; RSA is for clients from before 2014. */
export type CertificateKey = "EC_prime256v1" | "EC_secp384r1" | "RSA_2048";

export const CERTIFICATE_KEYS: readonly CertificateKey[] = ["EC_prime256v1", "EC_secp384r1", "RSA_2048"];

export interface CertificateArgs {
  /** Changing it replaces the certificate: the new one is there before the old one goes. @format `shop.example.com`, `*.shop.example.com` */
  readonly domainName: string;
  /** Further names, up to 9. No order. @default - none */
  readonly alternativeNames?: readonly string[];
  /** The public zone of all the names: the records that prove them are made in it. */
  readonly zone: HostedZoneRef;
  /** `us-east-1` for CloudFront. @default - the provider's */
  readonly region?: string;
  /** @default "EC_prime256v1" */
  readonly keyAlgorithm?: CertificateKey;
  readonly alarms?: AlarmsArgs<CertificateAlarm>;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
