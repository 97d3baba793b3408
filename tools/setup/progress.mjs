const HEARTBEAT_MS = 10_000;

/** @typedef {{ note: (text: string) => void }} Step */

/** One line a step, on standard error, so that standard output stays the target's. */
export class Progress {
  /** @param {(line: string) => void} [write] */
  constructor(write = (line) => process.stderr.write(`${line}\n`)) {
    this.write = write;
    this.begin = Date.now();
  }

  /** @param {string} text */
  line(text) {
    this.write(`[setup ${seconds(Date.now() - this.begin).padStart(7)}] ${text}`);
  }

  /**
   * Runs `work` under a line at its begin, one at its end, and one every ten seconds in between.
   *
   * @template T
   * @param {string} title
   * @param {(step: Step) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    const begin = Date.now();
    let latest = "";
    this.line(`${title} ...`);
    const heartbeat = setInterval(
      () => this.line(`${title} ... ${seconds(Date.now() - begin)}${latest ? `, ${latest}` : ""}`),
      HEARTBEAT_MS,
    );
    try {
      const result = await work({
        note: (text) => {
          latest = text;
        },
      });
      this.line(`${title}: done in ${seconds(Date.now() - begin)}`);
      return result;
    } finally {
      clearInterval(heartbeat);
    }
  }
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
