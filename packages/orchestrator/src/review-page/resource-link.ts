import { nameOfUrn } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import type { ReviewFacts } from "./review-facts.ts";

/** A resource's name; a link where the page shows its change. */
export function resourceLink(urn: string, { anchors }: Pick<ReviewFacts, "anchors">): Html {
  const anchor = anchors.get(urn);
  return anchor === undefined
    ? html`<strong>${nameOfUrn(urn)}</strong>`
    : html`<a href="#${anchor}">${nameOfUrn(urn)}</a>`;
}
