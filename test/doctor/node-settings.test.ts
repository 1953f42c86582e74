/** What doctor tells of clusters that an older version created. */
import { expect, it } from 'vitest';
import { newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { diagnosed } from './diagnosed.js';

const words = ['--member', 'name=one', '--member', 'name=two,mode=pull'];

it('is what they lack, with the way to change it, and nothing of new ones', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const { clusters } = account.region(region);
  const parent = clusters['karmada-parent'];
  if (parent === undefined) throw new Error('there is no parent');
  delete parent.privateAccessCidrs;
  const group = parent.nodeGroups['nodes'];
  if (group === undefined) throw new Error('there is no node group');
  group.repairs = false;
  group.subnetIds = [...group.subnetIds, 'subnet-4'];
  const found = await diagnosed(account, words);
  const told = found.findings.filter(({ id }) => id === 'node-settings');
  expect(told.map(({ about, severity, what }) => [about, severity, what])).toEqual([
    ['karmada-parent', 'warning', 'EKS does not replace nodes of karmada-parent that stop being Ready'],
    [
      'karmada-parent',
      'warning',
      'the 3 nodes of karmada-parent may be in 4 zones: a replaced node in another zone cannot attach the volume of a member of etcd',
    ],
    ['karmada-parent', 'warning', 'what nodes of karmada-parent send to the control plane leaves the VPC'],
    ['one', 'ok', 'nodes are repaired, and reach the control plane inside the VPC'],
    ['two', 'ok', 'nodes are repaired, and reach the control plane inside the VPC'],
  ]);
  expect(told[0]?.fix).toEqual([
    'turn on node repair: aws eks update-nodegroup-config --cluster-name karmada-parent --region us-west-2 --nodegroup-name nodes --node-repair-config enabled=true',
  ]);
});
