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

/**
 * Real time made faster: a virtual millisecond is a real one divided by the speed. It never passes a sleeper that has not
 * awoken: a process that a busy machine keeps waiting for a moment must not miss its heartbeats for minutes.
 */
export class CompressedClock implements Clock {
  readonly #state: AccountState;
  readonly #speed: number;
  readonly #sleepers = new Set<{ readonly until: Moment }>();
  #real = performance.now();
  /** With its fraction, which adds up. */
  #moment: Moment;

  /** At speed 60 a run of 20 minutes takes 20 seconds. */
  constructor(state: AccountState, speed = 60) {
    this.#state = state;
    this.#speed = speed;
    this.#moment = state.now;
  }

  readonly now = (): Moment => {
    const real = performance.now();
    const passed = this.#moment + (real - this.#real) * this.#speed;
    const earliest = Math.min(...[...this.#sleepers].map(({ until }) => until));
    this.#real = real;
    return this.#move(Math.min(passed, earliest));
  };

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.resolve();
    const sleeper = { until: this.now() + ms };
    this.#sleepers.add(sleeper);
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const wake = (): void => {
        const left = sleeper.until - this.now();
        if (left > this.#speed) {
          arm(left);
          return;
        }
        // A timer may fire up to a real millisecond early, which is many virtual ones.
        this.#move(sleeper.until);
        end();
      };
      const arm = (left: number): void => {
        timer = setTimeout(wake, Math.min(left / this.#speed, longestTimer));
      };
      signal?.addEventListener('abort', end, { once: true });
      arm(ms);
    });
  };

  #move(moment: Moment): Moment {
    this.#moment = Math.max(this.#moment, this.#state.now, moment);
    this.#state.now = Math.floor(this.#moment);
    return this.#state.now;
  }
}
