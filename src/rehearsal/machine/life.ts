/** The life of one rehearsed process: while it lasts its calls are answered, after a kill -9 nothing of it ever is. */
import { setMaxListeners } from 'node:events';

/** Ends at `kill`, and pauses while the machine sleeps. */
export class Life {
  readonly #death = new AbortController();
  #sleep: { readonly since: number; readonly over: Promise<void>; readonly end: () => void } | undefined;

  constructor() {
    // Everything that sleeps in the process listens.
    setMaxListeners(0, this.#death.signal);
  }

  /** Aborted when the process is killed. */
  get ended(): AbortSignal {
    return this.#death.signal;
  }

  readonly alive = (): boolean => !this.#death.signal.aborted;

  readonly kill = (): void => {
    this.#death.abort();
  };

  /** The machine sleeps from `now` on: the process and its programs pause until `wake`; AWS and other machines continue. */
  readonly suspend = (now: number): void => {
    if (this.#sleep !== undefined) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#sleep = { since: now, over, end };
  };

  readonly wake = (): void => {
    this.#sleep?.end();
    this.#sleep = undefined;
  };

  /** Since when the machine sleeps, in ms since the epoch; undefined while it is awake. */
  readonly asleepSince = (): number | undefined => this.#sleep?.since;

  /** Waits while the machine sleeps. */
  async awake(): Promise<void> {
    while (this.#sleep !== undefined) await this.#sleep.over;
  }

  /**
   * A promise that settles as the work does, but never once the process is dead, and not while it sleeps; a dead process
   * starts no work, and one that sleeps starts it when it wakes.
   */
  guard<Value>(work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        if (this.#sleep === undefined) {
          if (this.alive()) act();
        } else void this.awake().then(() => this.alive() && act());
      };
      settle(() =>
        work().then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error)),
        ),
      );
    });
  }
}
