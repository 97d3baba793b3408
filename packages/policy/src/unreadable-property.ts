/** Why a property cannot be read: its value comes with the change itself, or is a secret. */
export type Unreadable = "unknown" | "secret";

/**
 * Thrown out of a check that reads what it cannot see. Not an error of the rule: the evaluation turns it into
 * a finding of status `not-evaluated`.
 */
export class UnreadableProperty extends Error {
  override readonly name = "UnreadableProperty";
  readonly property: string;
  readonly because: Unreadable;

  constructor(property: string, because: Unreadable) {
    super(
      because === "unknown"
        ? `${property} is known only after the change is made`
        : `${property} is a secret, and policies never see one`,
    );
    this.property = property;
    this.because = because;
  }
}
