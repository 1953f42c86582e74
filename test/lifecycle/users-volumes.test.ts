/** Volumes that users of the fleet's clusters have data in: `down` neither waits for them nor deletes them with what is left. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import type { Line } from '../commands/up/scripted-ask.js';
import { asked } from './asked-down.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, fleetFolder, fleetId, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { retainAll, useVolume, volumeIds } from './users-volumes.js';
import { applyTo } from './workloads.js';

const fleet = smallFleet();
const remove = `${down} --remove-leftovers`;

/** Ids differ from run to run. */
function shown(text: string, ...ids: readonly string[]): string {
  return ids.reduce((left, id, index) => left.replaceAll(id, `vol-${index + 1}`.padEnd(id.length, '_')), text);
}

it('carry no tag of the fleet, and are there after the removal of leftovers, with what to do', async () => {
  const account = fleet();
  const id = await useVolume(account);
  const volume = account.region(region).volumes.find((each) => each.id === id);
  expect(Object.keys(volume?.tags ?? {}).filter((key) => key.startsWith('karmada-eks'))).toEqual([]);
  const ended = await cli(account, remove);
  const [backup = '', ...table] = shown(ended.stdout, id).split('\n').slice(-5).reverse().slice(1);
  expect(backup).toMatch(/^backup of Karmada 1\.18\.2: /);
  expect(table.reverse().join('\n')).toMatchInlineSnapshot(`
    "WHAT     NAME                    REGION      USD/HOUR   USD/MONTH   STATE                     OWNER
    volume   vol-1________________   us-west-2   0.0110     8.00        100 GiB, gp3, available   users’ data: claim default/data-postgres-0
    total                                        0.0110     8.00"
  `);
  expect(shown(said(ended), id)).toMatchInlineSnapshot(`
    "✖ 1 volume with users’ data is kept of fleet karmada: 8.00 USD per month (730 hours)
      why:  vol-1________________ is users’ data: claim default/data-postgres-0, reclaim policy Delete
      next: 1. delete those that are not retained: karmada-eks down --fleet karmada --region us-west-2 --remove-volumes
            2. or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
      code: leftovers
    exit 5"
  `);
  expect(ended.code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
  // Not in a later run either.
  expect((await cli(account, remove)).code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
});

it('are users’ data too where an older fleet’s StorageClass gave them its tag', async () => {
  const account = fleet();
  const id = await useVolume(account, { namespace: 'shop', policy: 'Retain' });
  const volume = account.region(region).volumes.find((each) => each.id === id);
  if (volume !== undefined) volume.tags['karmada-eks/fleet'] = fleetId(account);
  expect((await cli(account, remove)).code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
});

it('are not waited for, whatever tags they have', async () => {
  const account = fleet();
  const id = await useVolume(account);
  const volume = account.region(region).volumes.find((each) => each.id === id);
  if (volume !== undefined) volume.tags['karmada-eks/fleet'] = fleetId(account);
  const ended = await cli(account, down);
  expect(ended.events.flatMap((event) => (event.type === 'step-failed' ? [event.problem.message] : []))).toEqual([]);
  expect(volumeIds(account)).toEqual([id]);
});

it.runIf(triesMore)(
  'of a StorageClass that an older version made are made without the tag after the next up',
  async () => {
    const account = fleet();
    const api = account.state.apis[`eks/${region}/karmada-parent`];
    const old = api?.objects['storageclasses//ebs-sc'];
    if (old === undefined) throw new TypeError('no StorageClass');
    const parameters = old['parameters'] as Record<string, string>;
    old['parameters'] = { ...parameters, tagSpecification_1: `karmada-eks/fleet=${fleetId(account)}` };
    const before = await useVolume(account);
    const planned = await cli(account, 'plan');
    expect(planned.stdout).toContain('StorageClass ebs-sc without the fleet’s tag on its volumes');
    await succeed(account, 'up --yes');
    const after = await useVolume(account, { namespace: 'shop' });
    const tags = [before, after].map((id) => account.region(region).volumes.find((each) => each.id === id)?.tags ?? {});
    expect(tags.map((each) => each['karmada-eks/fleet'])).toEqual([fleetId(account), undefined]);
    expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  },
);

it('of somebody else’s StorageClass of the name keep the tags that it gives them', async () => {
  const account = fleet();
  const found = account.state.apis[`eks/${region}/karmada-parent`]?.objects['storageclasses//ebs-sc'];
  if (found === undefined) throw new TypeError('no StorageClass');
  found.metadata.labels = {};
  found['parameters'] = { type: 'gp3', tagSpecification_1: `karmada-eks/fleet=${fleetId(account)}` };
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

/** The volumes that are there when Karmada counts as removed. */
async function atTheEnd(begin: () => Promise<Account>): Promise<readonly string[]> {
  const { events } = await cli(await begin(), down);
  const at = events.findIndex(
    (event) => ['step-done', 'step-ready'].includes(event.type) && 'id' in event && event.id === 'undo/init-karmada',
  );
  const account = await begin();
  expect((await cli(account, down, { killAt: at + 1 })).code).toBe('killed');
  return account.region(region).volumes.flatMap(({ id, tags }) => (tags['CSIVolumeName'] === undefined ? [] : [id]));
}

it.runIf(triesMore)('of etcd are waited for, also by a run that continues after one that was killed', async () => {
  expect(await atTheEnd(async () => fleet())).toEqual([]);
  const { commands } = await cli(fleet(), down);
  const claims = commands.findIndex(({ key }) => key.includes('delete persistentvolumeclaims'));
  expect(claims).toBeGreaterThan(0);
  const killed = async (): Promise<Account> => {
    const account = fleet();
    expect((await cli(account, down, { killAfterCommand: claims + 1 })).code).toBe('killed');
    return account;
  };
  expect(volumeIds(await killed()).length).toBeGreaterThan(9);
  expect(await atTheEnd(killed)).toEqual([]);
});

it('of etcd that are retained are not waited for, and are no leftovers', async () => {
  const account = fleet();
  retainAll(account, 'karmada-parent');
  const ended = await cli(account, remove);
  const ids = volumeIds(account);
  expect(ids).toHaveLength(3);
  expect(shown(said(ended), ...ids)).toMatchInlineSnapshot(`
    "✖ 3 volumes with users’ data are kept of fleet karmada: 1.20 USD per month (730 hours)
      why:  vol-1________________ is retained: claim karmada-system/etcd-data-etcd-0, reclaim policy Retain; vol-2________________ is retained: claim karmada-system/etcd-data-etcd-1, reclaim policy Retain; vol-3________________ is retained: claim karmada-system/etcd-data-etcd-2, reclaim policy Retain
      next: 1. or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
            2. or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-2________________
            3. or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-3________________
      code: leftovers
    exit 5"
  `);
  expect((await cli(account, remove)).code).toBe(5);
  expect(volumeIds(account)).toEqual(ids);
});

it.runIf(triesMore)('are users’ data too where their driver does not write their claims into tags', async () => {
  const account = fleet();
  const id = await useVolume(account, { cluster: 'one' });
  const volume = account.region(region).volumes.find((each) => each.id === id);
  for (const key of Object.keys(volume?.tags ?? {})) {
    if (key.startsWith('kubernetes.io/created-for/')) delete volume?.tags[key];
  }
  const ended = await cli(account, remove);
  expect(ended.stdout).toMatch(/not known +one in us-west-2 +100 GiB +Delete +8.00 +stays, and costs/);
  expect(shown(said(ended), id)).toMatchInlineSnapshot(`
    "✖ 1 volume with users’ data is kept of fleet karmada: 8.00 USD per month (730 hours)
      why:  vol-1________________ is users’ data: its tags name no claim, so it does not belong to etcd, reclaim policy Delete
      next: 1. delete those that are not retained: karmada-eks down --fleet karmada --region us-west-2 --remove-volumes
            2. or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
      code: leftovers
    exit 5"
  `);
  expect(volumeIds(account)).toEqual([id]);
});

describe('before the fleet’s name is typed', () => {
  it.runIf(triesMore)(
    'are listed as they end, also in namespaces that Karmada made, of a member and of a parent that is one',
    async () => {
      const account = fleet();
      await succeed(account, 'join --cluster karmada-parent --name home --yes');
      await applyTo(account, 'karmada-apiserver', [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      ]);
      const ids = [
        await useVolume(account, { cluster: 'one', namespace: 'shop' }),
        await useVolume(account, { cluster: 'karmada-parent', namespace: 'shop' }),
      ];
      const ended = await cli(account, down);
      expect(ended.code).toBe(5);
      expect(ended.stdout.match(/stays, and costs/g)).toHaveLength(2);
      expect(volumeIds(account)).toEqual(ids);
    },
  );

  it('are listed with what becomes of them, and on a terminal are asked for by themselves', async () => {
    const account = fleet();
    const [kept, gone] = [
      await useVolume(account, { policy: 'Retain' }),
      await useVolume(account, { cluster: 'one', namespace: 'shop', name: 'cart', gib: 20 }),
    ];
    const refused = await cli(account, 'down --yes', { leaves: true });
    expect(shown(refused.stdout, kept, gone)).toMatchInlineSnapshot(`
      "USERS’ VOLUME           CLAIM                     CLUSTER                       SIZE      RECLAIM POLICY   USD/MONTH   ACTION
      vol-1________________   default/data-postgres-0   karmada-parent in us-west-2   100 GiB   Retain           8.00        stays, and costs
      vol-2________________   shop/data-cart-0          one in us-west-2              20 GiB    Delete           1.60        stays, and costs
      SCOPE    TO BE DELETED
      one      push member one of Karmada
      two      pull member two of Karmada
      parent   the Karmada control plane and all its state
      parent   the volumes of its etcd
      parent   the Network Load Balancer of the Karmada API
      parent   namespace karmada-system, unless it existed before or others use it
      parent   StorageClass ebs-sc
      parent   EKS cluster karmada-parent in us-west-2 with its nodes, roles and stacks
      one      EKS cluster one in us-west-2 with its nodes, roles and stacks
      two      EKS cluster two in us-west-2 with its nodes, roles and stacks
      fleet    the fleet’s contexts in /home/you/.kube/config

      TO BE DELETED, REPLACED OR INTERRUPTED
      ACTION   KIND                    NAME                                 HOLDS                                                                                        OWNER
      delete   Karmada control plane   of fleet karmada in karmada-parent   ConfigMap default/canary, member one, member two                                             this fleet (tag and record of its installation)
      delete   EKS cluster             karmada-parent in us-west-2          node group nodes (m5.large), workloads in namespace canary, workloads in namespace default   this fleet (tag, stack and record)
      delete   EKS cluster             one in us-west-2                     node group nodes (m5.large), workloads in namespace canary, workloads in namespace shop      this fleet (tag, stack and record)
      delete   EKS cluster             two in us-west-2                     node group nodes (m5.large), workloads in namespace canary                                   this fleet (tag, stack and record)
      "
    `);
    expect(volumeIds(account)).toContain(gone);
    const answers: Line[] = [
      ['Also permanently delete this volume with users’ data: shop/data-cart-0', 'y'],
      ['type the fleet’s name', 'karmada'],
    ];
    const { code, text } = await asked(account, answers);
    expect(code).toBe(5);
    expect(shown(text, kept, gone)).toContain('is users’ data: claim default/data-postgres-0, reclaim policy Retain');
    expect(volumeIds(account)).toEqual([kept]);
  });

  it('stay after a no, which is no reason to leave the rest', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const { code } = await asked(account, [
      ['Also permanently delete this volume', 'n'],
      ['type the fleet’s name', 'karmada'],
    ]);
    expect(code).toBe(5);
    expect(volumeIds(account)).toEqual([id]);
  });
});

describe('--remove-volumes', () => {
  it('deletes those that are not retained after their clusters, and reports what stays', async () => {
    const account = fleet();
    const kept = await useVolume(account, { policy: 'Retain' });
    const gone = await useVolume(account, { cluster: 'one', namespace: 'shop', name: 'cart', gib: 20 });
    const ended = await cli(account, `${down} --remove-volumes`);
    expect(shown(said(ended), kept, gone)).toMatchInlineSnapshot(`
      "✖ 1 volume with users’ data is kept of fleet karmada: 8.00 USD per month (730 hours)
        why:  vol-1________________ is users’ data: claim default/data-postgres-0, reclaim policy Retain
        next: or delete it yourself: aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
        code: leftovers
      exit 5"
    `);
    expect(volumeIds(account)).toEqual([kept]);
    const order = ended.events.flatMap((event) => (event.type === 'step-done' ? [event.id] : []));
    expect(order.indexOf('remove-volumes/us-west-2')).toBeGreaterThan(order.indexOf('undo/create-cluster/parent'));
  });

  it('later, when the clusters are gone, still knows what is retained, and leaves what nobody knows of', async () => {
    const account = fleet();
    const kept = await useVolume(account, { policy: 'Retain' });
    const gone = await useVolume(account, { cluster: 'one', namespace: 'shop', name: 'cart' });
    expect((await cli(account, down)).code).toBe(5);
    const path = `${fleetFolder}/fleet.json`;
    const text = account.state.files[path] ?? '';
    const record = JSON.parse(text) as { volumes: unknown };
    expect(record.volumes).toEqual([
      { id: kept, policy: 'Retain' },
      { id: gone, policy: 'Delete' },
    ]);
    account.state.files[path] = JSON.stringify({ ...record, volumes: [] });
    expect((await cli(account, `${down} --remove-volumes`)).code).toBe(5);
    expect(volumeIds(account)).toEqual([kept, gone]);
    account.state.files[path] = text;
    const ended = await cli(account, `${down} --remove-volumes`);
    expect(ended.code).toBe(5);
    expect(volumeIds(account)).toEqual([kept]);
  });

  it('takes none of other clusters, of other claims, or of a time before the fleet', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const [mine] = account.region(region).volumes.filter((each) => each.id === id);
    if (mine === undefined) throw new TypeError('no volume');
    const old = { ...mine, id: 'vol-old', createdAt: account.now() - 365 * 86_400_000 };
    const cluster = { 'kubernetes.io/cluster/one': '', 'kubernetes.io/cluster/one-b': 'owned' };
    const other = { ...mine, id: 'vol-other', tags: { ...mine.tags, ...cluster } };
    const plain = { ...mine, id: 'vol-plain', tags: { 'kubernetes.io/cluster/one': 'owned', Name: 'mine' } };
    account.region(region).volumes.push(old, other, plain);
    await cli(account, `${down} --remove-volumes`);
    expect(volumeIds(account)).toEqual(['vol-old', 'vol-other', 'vol-plain']);
  });

  it('asks once more what each volume is when it is its turn', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const meanwhile = (): void => {
      const found = account.region(region).volumes.find((each) => each.id === id);
      if (found !== undefined) found.tags['kubernetes.io/created-for/pvc/name'] = 'data-restored-0';
    };
    await asked(account, [['type the fleet’s name', 'karmada']], { given: { removeVolumes: true }, meanwhile });
    expect(volumeIds(account)).toEqual([id]);
  });

  it('asks once more what is retained before the cluster goes', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const gone = await useVolume(account, { cluster: 'two' });
    const meanwhile = (): void => retainAll(account, 'one');
    const answers: Line[] = [['type the fleet’s name', 'karmada']];
    const { code, text } = await asked(account, answers, { given: { removeVolumes: true }, meanwhile });
    expect(code).toBe(5);
    expect(text).toContain(`${id} is users’ data: claim default/data-postgres-0, reclaim policy Retain`);
    expect(volumeIds(account)).toEqual([id]);
    expect(volumeIds(account)).not.toContain(gone);
  });

  it('takes none of a cluster that did not tell as it went', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const faults = [{ call: 'exec kubectl get persistentvolumes one', kind: 'fail', times: -1, skip: 1 } as const];
    const ended = await cli(account, `${down} --remove-volumes`, { faults });
    expect(ended.code).toBe(5);
    expect(said(ended)).toContain('reclaim policy unknown');
    expect(volumeIds(account)).toEqual([id]);
  });

  it('does not go by what it remembers of a cluster that is there, and only does not respond', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const beforehand = await cli(account, down, { killAt: 3 });
    expect(beforehand.code).toBe('killed');
    retainAll(account, 'one');
    const one = account.region(region).clusters['one'];
    if (one === undefined) throw new TypeError('no cluster');
    Object.assign(one, { status: 'PAUSED' });
    const ended = await cli(account, `${down} --remove-volumes`);
    expect(ended.stdout).toMatch(/one in us-west-2 +100 GiB +not known +8.00 +stays, and costs/);
    expect(volumeIds(account)).toEqual([id]);
  });

  it.runIf(triesMore)('waits for one that is still attached to a node on its way out', async () => {
    const account = fleet();
    await useVolume(account, { cluster: 'one' });
    const faults = [{ call: 'aws ec2:DeleteVolume *', kind: 'fail', code: 'VolumeInUse', times: 2 } as const];
    await succeed(account, `${down} --remove-volumes`, { faults });
    expect(volumeIds(account)).toEqual([]);
  });

  it.runIf(triesMore)('continues after a kill', async () => {
    const account = fleet();
    const id = await useVolume(account, { cluster: 'one' });
    const { events } = await cli(fleet(), `${down} --remove-volumes`);
    expect((await cli(account, `${down} --remove-volumes`, { killAt: events.length - 4 })).code).toBe('killed');
    expect(volumeIds(account)).toContain(id);
    await succeed(account, `${down} --remove-volumes`);
    expect(volumeIds(account)).toEqual([]);
  });
});
