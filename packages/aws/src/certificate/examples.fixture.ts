// The examples of docs/certificate.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { Certificate, HostedZone } from "../index.ts";

export function start(): Certificate {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const zone = new HostedZone("certificate-zone", { preset: "dev", domainName: "web.example.com", tags });
  // #region start
  const certificate = new Certificate("web", {
    domainName: "web.example.com",
    alternativeNames: ["*.web.example.com"],
    zone,
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return certificate;
}
