/** A port of a pod at a port of this machine, while it is used: `kubectl port-forward` runs until then. */
import type { Command, Exec } from '../../world/exec.js';
import { type Call, type Ended, run } from '../run.js';

/** No use of a port takes longer. */
const limitMs = 6 * 3_600_000;

/** `use` is given the local port. `failed` makes the Problem of a kubectl that ends before it forwards. */
export async function withForwardedPort<T>(
  exec: Exec,
  command: Command,
  call: Call,
  failed: (ended: Ended) => Error,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const signal = AbortSignal.any([call.signal, done.signal]);
  let open = (_port: number): void => undefined;
  const opened = new Promise<number>((resolve) => {
    open = resolve;
  });
  const running = run(exec, command, limitMs, { signal }, ({ text }) => {
    const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+) -> /.exec(text) ?? [];
    if (port !== undefined) open(Number(port));
  });
  const ended = running.then((early) => {
    throw failed(early);
  });
  // What ends after `use` is of no interest.
  ended.catch(() => undefined);
  try {
    return await use(await Promise.race([opened, ended]));
  } finally {
    done.abort();
    await running.catch(() => undefined);
  }
}
