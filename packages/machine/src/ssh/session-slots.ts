/** Far below sshd's MaxStartups, which drops connections from the tenth unauthenticated one on (sshd_config(5)). */
const SESSIONS_PER_HOST = 4;

/** How many sessions to each host there may be at once in this process; the others wait, first come, first served. */
export class SessionSlots {
  readonly #limit: number;
  readonly #used = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(limit = SESSIONS_PER_HOST) {
    this.#limit = limit;
  }

  async use<T>(host: string, work: () => Promise<T>): Promise<T> {
    await this.#take(host);
    try {
      return await work();
    } finally {
      this.#give(host);
    }
  }

  #take(host: string): Promise<void> {
    const used = this.#used.get(host) ?? 0;
    if (used < this.#limit) {
      this.#used.set(host, used + 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.set(host, [...(this.#waiting.get(host) ?? []), resolve]);
    });
  }

  #give(host: string): void {
    const [next, ...others] = this.#waiting.get(host) ?? [];
    if (next !== undefined) {
      this.#waiting.set(host, others);
      next();
      return;
    }
    this.#waiting.delete(host);
    const left = (this.#used.get(host) ?? 1) - 1;
    if (left === 0) this.#used.delete(host);
    else this.#used.set(host, left);
  }
}
