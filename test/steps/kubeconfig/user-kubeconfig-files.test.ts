/** The user's kubeconfig, changed by several at the same moment, each under the lock of kubectl. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { newAccount } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { changeFile } from '../../../src/steps/kubeconfig/user-kubeconfig-files.js';
import { withContexts, withoutContexts } from '../../../src/tools/kubectl/user-kubeconfig.js';
import { realClock } from '../../../src/world/real/clock.js';
import { realFiles } from '../../../src/world/real/disk/files.js';
import { own, ownerOf } from '../../tools/kubectl/user-kubeconfigs.js';
import { tempFolder } from '../../world/temp-folder.js';

const times = 8;

it('loses nothing of kubectl and of fleets that come and go beside it', { timeout: 900_000 }, async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, 'apiVersion: v1\nkind: Config\nusers:\n');
  const world = { ...connect(newAccount()).world, files: realFiles, clock: realClock };
  const context = { signal: new AbortController().signal, say: () => undefined };
  const comesAndGoes = async (fleet: string): Promise<void> => {
    const options = { fleet: ownerOf(fleet), own, current: undefined, others: [] };
    for (let n = 0; n < times; n += 1) {
      await changeFile(world, path, context, async (file) => ({ ...withContexts(file, options), keepsOld: false }));
      await changeFile(world, path, context, async (file) => ({ text: withoutContexts(file, fleet), keepsOld: false }));
    }
  };
  const kubectl = async (): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await asKubectl(path, (text) => text.replace(/^users:.*$/m, `$&\n- name: user-${n}\n  user: {}`));
      await setTimeout(60);
    }
  };
  await Promise.all([comesAndGoes('a.eu-west-1'), kubectl(), comesAndGoes('b.eu-west-1')]);
  const users = (parse(await readFile(path, 'utf8')) as { users: readonly { readonly name: string }[] }).users;
  expect(users.map(({ name }) => name).reverse()).toEqual(Array.from({ length: times }, (_, n) => `user-${n}`));
});

/** Writes in place, under a lock file that must not be there yet (client-go 0.35.3), and tries again as a person would. */
async function asKubectl(path: string, edit: (text: string) => string): Promise<void> {
  for (;;) {
    try {
      await writeFile(`${path}.lock`, '', { flag: 'wx', mode: 0 });
      break;
    } catch {
      await setTimeout(1);
    }
  }
  const text = await readFile(path, 'utf8');
  await setTimeout(1);
  await writeFile(path, edit(text));
  await rm(`${path}.lock`);
}
