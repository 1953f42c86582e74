/** The life of one rehearsed process: while it lasts its calls are answered, after a kill -9 nothing of it ever is. */
import { setMaxListeners } from 'node:events';

/** Ends at `kill`. */
export class Life {
  readonly #death = new AbortController();

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

  /** A promise that settles as the work does, but never once the process is dead; a dead process starts no work. */
  guard<Value>(work: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (!this.alive()) return;
      work().then(
        (value) => this.alive() && resolve(value),
        (error: unknown) => this.alive() && reject(error),
      );
    });
  }
}
