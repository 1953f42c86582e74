/** What is not deleted in time is told with what holds it, and goes when that has ended. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, newMachine, region, smallUp, succeed } from './fleet.js';

const hold = ['example.com/audit'];

function apiOf(account: Account, cluster: string) {
  return account.state.apis[`eks/${region}/${cluster}`] ?? expect.unreachable(`no ${cluster}`);
}

function karmadaOf(account: Account) {
  return account.state.apis[`karmada/${region}/karmada-parent`] ?? expect.unreachable('no Karmada');
}

/** Finalizers of these objects; none takes them away. */
function setFinalizers(api: ReturnType<typeof apiOf>, key: RegExp, finalizers: readonly string[]): void {
  const found = Object.entries(api.objects).filter(([each]) => key.test(each));
  expect(found.length).toBeGreaterThan(0);
  for (const [, { metadata }] of found) metadata['finalizers'] = [...finalizers];
}

async function fleet(words = smallUp): Promise<Account> {
  const account = newMachine();
  await succeed(account, words);
  return account;
}

it('a member whose Cluster object somebody holds is told so, and leaves once that is over', async () => {
  const account = await fleet();
  const [own] = (karmadaOf(account).objects['clusters//one']?.metadata['finalizers'] ?? []) as string[];
  setFinalizers(karmadaOf(account), /^clusters\/\/one$/, [own ?? '', ...hold]);
  const failed = await cli(account, 'unjoin one --yes --keep-workloads');
  expect(said(failed)).toContain('why:  Cluster one in Karmada: held by finalizer example.com/audit');
  setFinalizers(karmadaOf(account), /^clusters\/\/one$/, [own ?? '']);
  await succeed(account, 'unjoin one --yes --keep-workloads');
});

it.runIf(triesMore)(
  'pods of etcd on a node that does not respond are the reason why Karmada is not deleted',
  async () => {
    const account = await fleet();
    const api = apiOf(account, 'karmada-parent');
    const [node] = listObjects(api, 'nodes', '');
    const before = node?.['status'];
    const silent = {
      type: 'Ready',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    };
    if (node !== undefined) node['status'] = { conditions: [silent] };
    const failed = await cli(account, down);
    expect(said(failed)).toMatch(
      /✖ the Karmada control plane of karmada-parent was not deleted within 10 minutes\n {2}why: {2}pod \S+ and \d more: node \S+ does not respond \(NodeStatusUnknown: Kubelet stopped posting node status\.\)/,
    );
    if (node !== undefined) node['status'] = before;
    await succeed(account, down);
  },
);

it.runIf(triesMore)('a claim that somebody holds is the reason why Karmada is not deleted', async () => {
  const account = await fleet();
  const claims = /^persistentvolumeclaims\/karmada-system\/etcd-data-etcd-/;
  setFinalizers(apiOf(account, 'karmada-parent'), claims, hold);
  expect(said(await cli(account, down))).toContain(
    'why:  claim etcd-data-etcd-0 and 2 more: held by finalizer example.com/audit',
  );
  setFinalizers(apiOf(account, 'karmada-parent'), claims, []);
  await succeed(account, down);
});

it.runIf(triesMore)('what the driver says is the reason why volumes of etcd are not deleted', async () => {
  const account = await fleet();
  const reason =
    'UnauthorizedOperation: You are not authorized to perform: ec2:DeleteVolume with an explicit deny in a service control policy';
  account.state.conditions.push({ kind: 'volume-delete-fails', reason, times: -1 });
  const failed = await cli(account, down);
  expect(said(failed)).toContain('✖ the storage of etcd of karmada-parent was not deleted within 10 minutes');
  expect(said(failed)).toMatch(
    /why: {2}volume pvc-\S+: rpc error: .*ec2:DeleteVolume with an explicit deny in a service control policy/,
  );
  account.state.conditions = [];
  await succeed(account, down);
});

it.runIf(triesMore)('a namespace of Karmada’s in a member that somebody holds is told with what is in it', async () => {
  const account = await fleet();
  setFinalizers(apiOf(account, 'one'), /^serviceaccounts\/karmada-cluster\/karmada-one$/, hold);
  const failed = await cli(account, 'unjoin one --yes --keep-workloads');
  expect(said(failed)).toContain(
    'why:  in namespace karmada-cluster of one: Some content in the namespace has finalizers remaining: example.com/audit in 1 resource instances; Some resources are remaining: serviceaccounts. has 1 resource instances',
  );
  setFinalizers(apiOf(account, 'one'), /^serviceaccounts\/karmada-cluster\/karmada-one$/, []);
  await succeed(account, 'unjoin one --yes --keep-workloads');
});
