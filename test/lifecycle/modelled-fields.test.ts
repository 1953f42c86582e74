/** What a cluster, its volumes and its makers must be like, seen in what a whole run leaves. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from './cli.js';
import { newMachine, region, smallUp, succeed } from './fleet.js';

it("encrypts etcd's volumes", async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const volumes = account.region(region).volumes.filter(({ tags }) => 'CSIVolumeName' in tags);
  expect(volumes.map(({ encrypted }) => encrypted)).toEqual([true, true, true]);
});

it('does not adopt a parent in Auto Mode, and changes nothing in it', async () => {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  const [parent] = ['karmada-parent', 'one', 'two'].map((name) =>
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds }),
  );
  if (parent !== undefined) parent.autoMode = true;
  const { stderr } = await cli(account, `${smallUp} --use-existing`);
  expect(stderr).toContain('existing EKS cluster karmada-parent in us-west-2 cannot be used as parent');
  expect(stderr).toContain('it runs in Auto Mode');
  expect(parent?.addons['aws-ebs-csi-driver']).toBeUndefined();
});
