/** Checks before every change whether this run may still make it: while it was asleep, another may have taken over. */
import { aroundSends, onlyReads } from '../aws/wrap-calls.js';
import { isReadOnly } from '../tools/read-only.js';
import type { World } from '../world/world.js';

/** Rejects with a Problem when nothing may be changed any more. */
type Check = () => Promise<void>;

export class ChangeGuard {
  readonly #checks = new Set<Check>();

  /** From now on `check` runs before every change, until the returned function is called. */
  add(check: Check): () => void {
    this.#checks.add(check);
    return () => void this.#checks.delete(check);
  }

  /** Rejects with the Problem of the first check that fails. */
  async pass(): Promise<void> {
    for (const check of this.#checks) await check();
  }

  async passes(): Promise<boolean> {
    return await this.pass().then(
      () => true,
      () => false,
    );
  }

  /** The same ports; a command that may not be run is `cancelled`, a call of AWS rejects with the Problem. */
  around({ exec, aws }: Pick<World, 'exec' | 'aws'>): Pick<World, 'exec' | 'aws'> {
    return {
      exec: async (request) => {
        const mayRun = isReadOnly(request) || (await this.passes());
        return mayRun ? await exec(request) : { kind: 'cancelled', stdout: '', stderr: '' };
      },
      aws: aroundSends(aws, async (call, send) => {
        if (!onlyReads(call)) await this.pass();
        return await send();
      }),
    };
  }
}
