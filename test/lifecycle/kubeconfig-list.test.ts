/** KUBECONFIG with several files: kubectl's rules for where an entry goes, and nobody's names hidden. */
import { beforeAll, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { substance } from '../tools/kubectl/user-kubeconfigs.js';
import { down, kubeconfig, kubeconfigPath, succeed } from './fleet.js';
import { machinesOfFleet, mark, merge } from './kubeconfig-machine.js';

let machine: Awaited<ReturnType<typeof machinesOfFleet>>;

beforeAll(async () => {
  machine = await machinesOfFleet();
}, 60_000);

const [one, two, three] = ['/home/you/one', '/home/you/sub/two', '/home/you/three'];
const text = 'apiVersion: v1\nkind: Config\n';
const holding = ({ state }: Account): readonly string[] =>
  [one, two, three, kubeconfigPath].filter((path) => mark.test(state.files[path] ?? ''));

it.each([
  ['the first that is there, as kubectl', `${one}:${two}:${three}`, { [two]: text, [three]: text }, [two]],
  ['the last when none is there', `:${one}::${two}:`, {}, [two]],
  ['a relative one', 'sub/two', {}, [two]],
  ['~/.kube/config when it is empty', '', {}, [kubeconfigPath]],
  ['~/.kube/config when nothing is in it', '::', {}, [kubeconfigPath]],
])('writes into %s', async (_, KUBECONFIG, files, expected) => {
  const account = machine({ ...files, [kubeconfigPath]: kubeconfig });
  const vars = { KUBECONFIG };
  await succeed(account, merge, { vars });
  expect(holding(account)).toEqual(expected);
  await succeed(account, down, { vars });
  for (const [path, before] of Object.entries({ ...files, [kubeconfigPath]: kubeconfig })) {
    expect(substance(account.state.files[path] ?? ''), path).toEqual(substance(before));
  }
  expect([one, two, three].filter((path) => path in account.state.files)).toEqual(Object.keys(files));
});

it('stays in the file in which the contexts are', async () => {
  const account = machine({ [two]: text });
  await succeed(account, merge, { vars: { KUBECONFIG: two } });
  account.state.files[one] = text;
  const before = account.state.files[two];
  await succeed(account, merge, { vars: { KUBECONFIG: `${one}:${two}` } });
  expect([account.state.files[one], account.state.files[two]]).toEqual([text, before]);
});

it('takes the contexts out of every file, also of the one that KUBECONFIG has left', async () => {
  const account = machine();
  await succeed(account, merge);
  await succeed(account, merge, { vars: { KUBECONFIG: one } });
  expect(holding(account)).toEqual([one, kubeconfigPath]);
  await succeed(account, down, { vars: { KUBECONFIG: one } });
  expect(account.state.files).toMatchObject({ [kubeconfigPath]: kubeconfig });
  expect(account.state.files[one]).toBeUndefined();
});

it('does not hide a context of another file behind one of its own', async () => {
  const account = machine({ [one]: text, [two]: kubeconfig.replaceAll('home', 'one') });
  await succeed(account, merge, { vars: { KUBECONFIG: `${one}:${two}` } });
  expect(account.state.files[one]).toContain('- name: karmada-one\n');
});
