/** A kubeconfig of the user that could not remove the contexts in the end is refused before anything is made. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/world/real/disk/files.js';
import { tempFolder } from '../world/temp-folder.js';
import { inThisRun } from './cases.js';
import { cli } from './cli.js';
import {
  changes,
  fleetFolder,
  kubeconfig,
  kubeconfigPath,
  newMachine,
  readyStatus,
  smallUp,
  succeed,
} from './fleet.js';
import { joinable } from './joinable.js';
import { runWithFiles } from './with-files.js';

const joinShop = 'join --cluster shop --yes --region us-west-2';
const anchored = `${kubeconfig.replace('users:', 'users: &all')}other: *all\n`;
const unusable = [
  ['not YAML', 'clusters: ['],
  ['not a kubeconfig', '- a list'],
  ['one whose lists cannot grow without touching the rest', anchored],
] as const;

describe.each(inThisRun(unusable))('%s', (_, text) => {
  it('is refused by plan and up, which make nothing, and up continues once it is fixed', async () => {
    const account = newMachine();
    account.state.files[kubeconfigPath] = text;
    for (const words of ['plan --region us-west-2 --vpc main', smallUp]) {
      const refused = await cli(account, words);
      expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: kubeconfig-malformed')]);
      expect(refused.stderr).toContain(`the kubeconfig ${kubeconfigPath} cannot be changed, so it was left as it is`);
      expect(changes(refused)).toEqual([]);
    }
    account.state.files[kubeconfigPath] = kubeconfig;
    await succeed(account, smallUp);
    await readyStatus(account);
  });

  it('is refused by join', async () => {
    const account = await joinable();
    account.state.files[kubeconfigPath] = text;
    const refused = await cli(account, joinShop);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: kubeconfig-malformed')]);
    expect(changes(refused)).toEqual([]);
  });
});

it.each(
  inThisRun([
    [
      '/home/you',
      'KUBECONFIG names /home/you, which is a folder; expected a file',
      'export KUBECONFIG=/home/you/config',
    ],
    [
      '~/.kube/config',
      'KUBECONFIG names ~/.kube/config, with a ~ that no shell has replaced',
      'export KUBECONFIG="$HOME/.kube/config"',
    ],
  ]),
)('a KUBECONFIG of %s is refused before anything is made', async (value, what, next) => {
  for (const words of ['plan --region us-west-2 --vpc main', smallUp]) {
    const refused = await cli(newMachine(), words, { vars: { KUBECONFIG: value } });
    expect(refused.stderr).toContain(what);
    expect(refused.stderr).toContain(next);
    expect([refused.code, changes(refused)]).toEqual([2, []]);
  }
});

it('is refused when an up that was interrupted goes on', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAt: 30 });
  account.state.files[kubeconfigPath] = 'clusters: [';
  const refused = await cli(account, smallUp);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: kubeconfig-malformed')]);
  expect(changes(refused)).toEqual([]);
});

it('is refused when it is read-only', async () => {
  const path = join(await tempFolder(), 'config');
  await writeFile(path, kubeconfig, { mode: 0o400 });
  const account = newMachine();
  const { code, stderr } = await runWithFiles(account, smallUp, {
    vars: { KUBECONFIG: path },
    filesOf: (each) => (each === path ? realFiles : undefined),
  });
  expect([code, stderr]).toEqual([3, expect.stringContaining(`the kubeconfig ${path} is read-only`)]);
  expect(Object.keys(account.state.files).filter((each) => each.startsWith(fleetFolder))).toEqual([]);
});

it('is no hindrance to a fleet that is up, whose contexts it has', async () => {
  const path = join(await tempFolder(), 'config');
  const account = newMachine();
  const options = {
    vars: { KUBECONFIG: path },
    filesOf: (each: string) => (each.startsWith(path) ? realFiles : undefined),
  };
  expect((await runWithFiles(account, smallUp, options)).code).toBe(0);
  await chmod(path, 0o400);
  const { code, stdout } = await runWithFiles(account, smallUp, options);
  expect([code, stdout]).toEqual([0, expect.stringContaining('nothing to do')]);
});
