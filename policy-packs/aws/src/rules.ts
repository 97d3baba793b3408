import type { Rule } from "@groundplane/policy";
import { accountRules } from "./rules/accounts.ts";
import { analyticsRules } from "./rules/analytics.ts";
import { computeRules } from "./rules/compute.ts";
import { containerRules } from "./rules/container-definitions.ts";
import { containerServiceRules } from "./rules/containers.ts";
import { dataStoreRules } from "./rules/data-stores.ts";
import { databaseRules } from "./rules/databases.ts";
import { edgeRules } from "./rules/edge.ts";
import { foreignAccounts } from "./rules/foreign-accounts.ts";
import { identityPolicyRules } from "./rules/identity-policies.ts";
import { keyAndSecretRules } from "./rules/keys-and-secrets.ts";
import { kubernetesRules } from "./rules/kubernetes.ts";
import { lambdaRules } from "./rules/lambda.ts";
import { loadBalancingRules } from "./rules/load-balancing.ts";
import { monitoringRules } from "./rules/monitoring.ts";
import { networkRules } from "./rules/network.ts";
import { resourcePolicyRules } from "./rules/resource-policies.ts";
import { retiredTypeRules } from "./rules/retired-types.ts";
import { securityGroupEgress } from "./rules/security-group-egress.ts";
import { storageRules } from "./rules/storage.ts";
import { vpcFlowLogs } from "./rules/vpc-flow-logs.ts";

/** All rules of the pack, each with its examples, by service. */
export const AWS_RULES: readonly Rule[] = [
  ...networkRules,
  securityGroupEgress,
  vpcFlowLogs,
  ...computeRules,
  ...loadBalancingRules,
  ...containerRules,
  ...containerServiceRules,
  ...kubernetesRules,
  ...lambdaRules,
  ...databaseRules,
  ...dataStoreRules,
  ...analyticsRules,
  ...storageRules,
  ...keyAndSecretRules,
  ...resourcePolicyRules,
  ...identityPolicyRules,
  ...accountRules,
  ...edgeRules,
  ...monitoringRules,
  ...retiredTypeRules,
  foreignAccounts,
];
