/** Signals to this process. Child processes have their own process groups, so these reach only this one. */

/** What the first signal does, and each later one. */
export interface Stop {
  readonly drain: () => void;
  readonly kill: () => void;
}

export function stopOnSignals({ drain, kill }: Stop): void {
  let stops = 0;
  const stop = (): void => {
    stops += 1;
    if (stops === 1) drain();
    else kill();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}
