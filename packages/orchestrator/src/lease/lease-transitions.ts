import type { LeaseDocument, LeaseParty } from "./lease-document.ts";

/** Whether someone is known to be dead. Who may live counts as living. */
export type IsDead = (party: LeaseParty) => boolean;

/** The living who come before someone: the holder first, then the queue; for one who is not in it, all of it. */
export function inTheWay(
  { holder, queue }: LeaseDocument,
  id: string,
  isDead: IsDead,
): readonly LeaseParty[] {
  const place = queue.findIndex((party) => party.id === id);
  const before = place === -1 ? queue : queue.slice(0, place);
  return [...(holder === undefined ? [] : [holder]), ...before].filter(
    (party) => party.id !== id && !isDead(party),
  );
}

/** Takes the lease, and clears the dead away. Undefined while someone living comes first. */
export function take(document: LeaseDocument, me: LeaseParty, isDead: IsDead): LeaseDocument | undefined {
  if (inTheWay(document, me.id, isDead).length > 0) return undefined;
  return {
    ...document,
    fence: document.fence + 1,
    holder: me,
    queue: document.queue.filter((party) => party.id !== me.id && !isDead(party)),
  };
}

/** Goes to the end of the queue; one who stands in it stays where it is. */
export function join(document: LeaseDocument, me: LeaseParty): LeaseDocument {
  if (document.queue.some(({ id }) => id === me.id)) return document;
  return { ...document, queue: [...document.queue, me] };
}

/** Shows that someone lives. Undefined when it neither holds nor waits: it was taken for dead. */
export function beat(document: LeaseDocument, id: string): LeaseDocument | undefined {
  const next = (party: LeaseParty): LeaseParty =>
    party.id === id ? { ...party, beat: party.beat + 1 } : party;
  const { holder, queue } = document;
  if (holder?.id !== id && !queue.some((party) => party.id === id)) return undefined;
  return { ...document, ...(holder === undefined ? {} : { holder: next(holder) }), queue: queue.map(next) };
}

/** Gives the lease back, or leaves the queue. Undefined when there is nothing to leave. */
export function without(document: LeaseDocument, id: string): LeaseDocument | undefined {
  const { schema, fence, holder, queue } = document;
  const rest = queue.filter((party) => party.id !== id);
  if (holder?.id === id) return { schema, fence, queue: rest };
  return rest.length === queue.length ? undefined : { ...document, queue: rest };
}
