/** A cluster that EKS updates goes on serving: it is read, held and taken away like one that is ACTIVE. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from './cli.js';
import { changes, down, region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { useVolume } from './users-volumes.js';

const fleet = smallFleet();

function set(account: Account, name: string, change: object): void {
  const cluster = account.region(region).clusters[name];
  expect(cluster).toBeDefined();
  Object.assign(cluster ?? {}, change);
}

const leases = (keys: readonly string[]) => keys.filter((key) => /kubectl create -f -|lease/i.test(key));

it('down of a parent that is UPDATING shows what is lost with it, and holds the fleet', async () => {
  const account = fleet();
  await useVolume(account, { cluster: 'karmada-parent', namespace: 'shop' });
  set(account, 'karmada-parent', { status: 'UPDATING' });
  const ended = await cli(account, down, { alone: true });
  const lost = ended.stdout.slice(ended.stdout.indexOf('TO BE DELETED'));
  expect(lost).toContain('workloads in namespace shop');
  expect(lost).toContain('Karmada control plane');
  expect(leases(changes(ended))).not.toEqual([]);
});

it('down takes Karmada out of a parent that stays and is UPDATING', async () => {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  await succeed(account, `${smallUp} --use-existing`);
  set(account, 'karmada-parent', { status: 'UPDATING' });
  // Karmada goes; what EKS refuses to change meanwhile goes in the next run.
  expect((await cli(account, down, { alone: true })).code).toBe(4);
  const objects = Object.keys(account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {});
  expect(objects.filter((key) => key.includes('karmada-system'))).toEqual([]);
  set(account, 'karmada-parent', { status: 'ACTIVE' });
  await succeed(account, down, { alone: true });
});

it('down is refused where the parent stands and nobody can reach it', async () => {
  const account = fleet();
  set(account, 'karmada-parent', { status: 'PAUSED' });
  const ended = await cli(account, down, { alone: true });
  expect(ended.code).toBe(4);
  expect(ended.stderr.slice(ended.stderr.indexOf('✖'))).toMatchInlineSnapshot(`
    "✖ parent karmada-parent in us-west-2 cannot be reached; nothing was changed
      why:  its EKS status is PAUSED: Karmada in it cannot be removed, and other runs cannot be locked out
      next: 1. check it in EKS: aws eks describe-cluster --name karmada-parent --region us-west-2
            2. run the same command again
      code: cluster-unreachable
    "
  `);
  expect(changes(ended)).toEqual([]);
});
