/** The workload that people are shown as an example runs where the page says. */
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Account } from '../../src/rehearsal/account.js';
import { newMachine, smallUp, succeed } from '../lifecycle/fleet.js';
import { applyTo, inNamespace } from '../lifecycle/workloads.js';
import { readDoc } from './read-doc.js';

/** The objects in the page's n-th block of YAML. */
async function objectsIn(block: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const blocks = [...(await readDoc('docs/workloads.md')).matchAll(/```yaml\n([\s\S]*?)```/g)];
  return parseAllDocuments(blocks[block]?.[1] ?? '').map((each) => each.toJS() as Readonly<Record<string, unknown>>);
}

/** The rehearsed controllers work off what is due when the next program runs. */
async function applied(account: Account, objects: readonly object[]): Promise<void> {
  await applyTo(account, 'karmada-apiserver', objects);
  await succeed(account, 'status');
}

function replicasIn(account: Account, member: string): unknown {
  const spec = inNamespace(account, member, 'default')['deployments/default/web']?.['spec'];
  return (spec as { readonly replicas?: number } | undefined)?.replicas;
}

it('runs in every member, or divided, and is the short form at the end of up', async () => {
  const account = newMachine();
  const { stdout } = await succeed(account, smallUp);
  const whole = await objectsIn(0);
  await applied(account, whole);
  expect(['one', 'two'].map((member) => replicasIn(account, member))).toEqual([2, 2]);
  await applied(account, await objectsIn(1));
  expect(['one', 'two'].map((member) => replicasIn(account, member))).toEqual([1, 1]);
  const [, printed = ''] = /echo '\n([\s\S]*?)' \| kubectl/.exec(stdout) ?? [];
  expect(parse(printed)).toEqual({ ...whole[1], metadata: { name: 'web' } });
});
