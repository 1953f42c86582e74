/** What a cluster, its volumes and its makers must be like, seen in what a whole run leaves. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from './cli.js';
import { changes, newMachine, region, smallUp, succeed } from './fleet.js';

it("encrypts etcd's volumes", async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const volumes = account.region(region).volumes.filter(({ tags }) => 'CSIVolumeName' in tags);
  expect(volumes.map(({ encrypted }) => encrypted)).toEqual([true, true, true]);
});

it.each([
  ['in Auto Mode', { autoMode: true }, 'it runs in Auto Mode'],
  [
    'of IPv6',
    { ipFamily: 'ipv6' as const },
    'its pods and Services have IPv6 addresses, which the load balancer of the Karmada API does not reach',
  ],
])('does not adopt a parent %s, and changes nothing in it', async (_, fields, why) => {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  const [parent] = ['karmada-parent', 'one', 'two'].map((name) =>
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds }),
  );
  Object.assign(parent ?? {}, fields);
  for (const words of [smallUp, smallUp.replace('up ', 'plan ').replace(' --yes', '')]) {
    const refused = await cli(account, `${words} --use-existing`);
    expect(refused.stderr).toContain('existing EKS cluster karmada-parent in us-west-2 cannot be used as parent');
    expect(refused.stderr).toContain(`why:  ${why}`);
    expect(changes(refused)).toEqual([]);
  }
  expect(parent?.addons['aws-ebs-csi-driver']).toBeUndefined();
});
