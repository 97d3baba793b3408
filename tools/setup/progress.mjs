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
   * Runs `work` with a line at its begin, one at its end, and a heartbeat in between.
   *
   * @template T
   * @param {string} title
   * @param {(step: Step) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    const begin = Date.now();
    this.line(`${title} ...`);
    const result = await this.heartbeat(title, work);
    this.line(`${title}: done in ${seconds(Date.now() - begin)}`);
    return result;
  }

  /**
   * Runs `work` with a line every ten seconds, so nothing is said of what is quick.
   *
   * @template T
   * @param {string} title
   * @param {(step: Step) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async heartbeat(title, work) {
    const begin = Date.now();
    let latest = title;
    const note = (/** @type {string} */ text) => {
      latest = text;
    };
    const timer = setInterval(() => this.line(`${latest} ... ${seconds(Date.now() - begin)}`), HEARTBEAT_MS);
    try {
      return await work({ note });
    } finally {
      clearInterval(timer);
    }
  }
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
