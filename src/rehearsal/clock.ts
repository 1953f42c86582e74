/** The rehearsal's clocks: one for tests, that jumps, and one for people, that runs fast. */
import { setImmediate } from 'node:timers';
import type { Clock } from '../world/clock.js';
import type { AccountState, Moment } from './state.js';

interface Sleeper {
  readonly until: Moment;
  readonly wake: () => void;
}

/** Turns of the event loop without a new sleeper after which nothing else is taken to be runnable. */
const quietTurns = 5;

/** Virtual time that moves only when everybody sleeps: then to the earliest awakening. */
export class VirtualClock implements Clock {
  readonly #state: AccountState;
  #sleepers: Sleeper[] = [];
  #quiet = 0;
  #turning = false;

  constructor(state: AccountState) {
    this.#state = state;
  }

  readonly now = (): Moment => this.#state.now;

  /** Registers a sleeper; ends at once when the signal is aborted. */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = { until: this.#state.now + Math.max(0, ms), wake: end };
      const remove = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        end();
      };
      function end(): void {
        signal?.removeEventListener('abort', remove);
        resolve();
      }
      signal?.addEventListener('abort', remove, { once: true });
      this.#sleepers.push(sleeper);
      this.#quiet = 0;
      this.#turn();
    });
  };

  #turn(): void {
    if (this.#turning || this.#sleepers.length === 0) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      this.#quiet += 1;
      if (this.#quiet >= quietTurns) this.#advance();
      this.#turn();
    });
  }

  /** Sleepers due at the same moment wake in the order in which they called sleep. */
  #advance(): void {
    const earliest = Math.min(...this.#sleepers.map((sleeper) => sleeper.until));
    const due = this.#sleepers.filter((sleeper) => sleeper.until <= earliest);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > earliest);
    this.#quiet = 0;
    if (due.length === 0) return;
    this.#state.now = Math.max(this.#state.now, earliest);
    for (const sleeper of due) sleeper.wake();
  }
}

/** Node ends a longer timer at once. */
const longestTimer = 2 ** 31 - 1;

/** Real time made faster: a virtual millisecond is a real one divided by the speed. */
export class CompressedClock implements Clock {
  readonly #state: AccountState;
  readonly #speed: number;
  readonly #realStart = performance.now();
  readonly #virtualStart: Moment;

  /** At speed 60 a run of 20 minutes takes 20 seconds. */
  constructor(state: AccountState, speed = 60) {
    this.#state = state;
    this.#speed = speed;
    this.#virtualStart = state.now;
  }

  readonly now = (): Moment => {
    const elapsed = Math.floor((performance.now() - this.#realStart) * this.#speed);
    this.#state.now = Math.max(this.#state.now, this.#virtualStart + elapsed);
    return this.#state.now;
  };

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.resolve();
    const until = this.now() + ms;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        // A timer may fire up to a real millisecond early, which is many virtual ones.
        if (!signal?.aborted) this.#state.now = Math.max(this.now(), until);
        resolve();
      };
      const timer = setTimeout(end, Math.min(ms / this.#speed, longestTimer));
      signal?.addEventListener('abort', end, { once: true });
    });
  };
}
