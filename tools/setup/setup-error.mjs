/** What set-up tells the user when it cannot go on: what is wrong and what to do. Never shown with a stack trace. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   */
  constructor(message, remedy) {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
  }
}
