/** A fleet on clusters that were there before: they are completed, used, and left standing as they were. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { agentSecret } from '../../src/rehearsal/kube/karmada/agent-secret.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, kubeconfig, kubeconfigPath, readyStatus, region, smallUp, succeed } from './fleet.js';

const up = `${smallUp} --use-existing`;

/** The parent and both members exist. */
function adoptable(): Account {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  for (const name of ['karmada-parent', 'one', 'two']) {
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds });
  }
  account.state.files[kubeconfigPath] = kubeconfig;
  return account;
}

/** All that was there before, and the parent's OIDC provider: it costs nothing, and others may have come to use it. */
function expectLeft(account: Account, before: readonly string[]): void {
  const after = resourceIds(account);
  expect(
    after.filter((id) => !before.includes(id)).map((id) => (id.startsWith('oidc') ? 'oidc-provider' : id)),
  ).toEqual(['oidc-provider']);
  expect(before.filter((id) => !after.includes(id))).toEqual([]);
  expect(namespaces(account).filter((name) => name.includes('karmada'))).toEqual([]);
  const objects = Object.values(account.state.apis).flatMap((api) => Object.keys(api.objects));
  expect(objects.filter((key) => key.startsWith('leases/'))).toEqual([]);
}

function namespaces(account: Account): readonly string[] {
  return Object.values(account.state.apis)
    .filter(({ kind }) => kind === 'eks')
    .flatMap(({ objects }) => Object.keys(objects).filter((key) => key.startsWith('namespaces/')));
}

describe('a fleet of existing clusters', () => {
  let undisturbed: Ended;

  beforeAll(async () => {
    undisturbed = await succeed(adoptable(), up);
  });

  it('is made, Ready, shown, not changed again, and left as it was', async () => {
    const account = adoptable();
    const before = resourceIds(account);
    await succeed(account, up);
    await readyStatus(account);
    expect((await succeed(account, 'demo')).stdout).toContain('nginx is divided 4/8');
    expect((await succeed(account, up)).stdout).toBe('fleet karmada is up to date: nothing to do\n');
    const gone = await succeed(account, down);
    expect(gone.stdout).toContain('fleet karmada deleted');
    expectLeft(account, before);
    expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
  });

  it('gets a volume driver of its own again when that failed, and nothing of it stays', async () => {
    const account = adoptable();
    const before = resourceIds(account);
    account.state.conditions.push({
      ...{ kind: 'addon-fails', cluster: 'karmada-parent', addon: 'aws-ebs-csi-driver', status: 'CREATE_FAILED' },
      ...{ reason: 'no capacity', times: 1 },
    });
    const failed = await cli(account, up);
    expect(failed.code).toBe(4);
    expect(said(failed)).toContain('code: addon-failed');
    expect(said(failed)).toContain('add-on aws-ebs-csi-driver (CREATE_FAILED: no capacity)');
    const added = failed.commands.find(({ key }) => key.includes('create addon'))?.to ?? Number.NaN;
    const told = failed.events.find(({ type }) => type === 'step-failed');
    expect((told?.at ?? Number.NaN) - added).toBeLessThan(180_000);
    expect((await succeed(account, up)).stderr).toContain('aws-ebs-csi-driver is CREATE_FAILED (no capacity): removed');
    await readyStatus(account);
    await succeed(account, down);
    expectLeft(account, before);
  });

  it('continues after a kill at every event', { timeout: 900_000 }, async () => {
    await passAll('up on existing clusters killed at event', 30, upTo(undisturbed.events.length), async (killAt) => {
      const account = adoptable();
      const before = resourceIds(account);
      expect((await cli(account, up, { killAt })).code).toBe('killed');
      await succeed(account, up);
      await readyStatus(account);
      await succeed(account, down);
      expectLeft(account, before);
    });
  });
});

describe('an existing cluster with the agent of another control plane', () => {
  it('is refused as a member, and left alone', async () => {
    const account = adoptable();
    const member = account.state.apis[`eks/${region}/two`];
    if (member === undefined) throw new TypeError('two exists');
    const now = account.now();
    upsert(member, 'namespaces', { metadata: { name: 'karmada-system' } }, now);
    upsert(
      member,
      'secrets',
      agentSecret('https://karmada.example.com:32443', 'Y2E=', { commonName: 'two', certificate: '', key: '' }),
      now,
    );
    const refused = await cli(account, up);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ EKS cluster two in us-west-2 already belongs to another Karmada control plane
        why:  it has a namespace karmada-system that this fleet did not create
        next: 1. remove it there first: kubectl karmada unjoin (push) or unregister (pull)
              2. if that control plane is gone, delete the namespace: kubectl delete namespace karmada-system
        code: member-foreign
      the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
      exit 4"
    `);
    expect(Object.keys(member.objects)).toContain('secrets/karmada-system/karmada-kubeconfig');
    const gone = await cli(account, down);
    expect(gone.code).toBe(0);
    expect(Object.keys(member.objects)).toContain('secrets/karmada-system/karmada-kubeconfig');
  });
});

describe('a fleet of which one member existed', () => {
  it('makes the rest, and takes only the rest away', async () => {
    const account = newAccount();
    const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
    const subnetIds = privateSubnets.map(({ id }) => id);
    addExistingCluster(account, { region, name: 'two', vpcId: vpc.id, subnetIds });
    const before = resourceIds(account);
    await succeed(account, up);
    await readyStatus(account);
    await succeed(account, down);
    expect(resourceIds(account)).toEqual(before);
    expect(namespaces(account).filter((name) => name.includes('karmada'))).toEqual([]);
  });
});
