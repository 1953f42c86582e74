/** `restore`: Karmada is what it was when a backup was taken, and nothing that runs in a member is deleted, shrunk or restarted. */
import { expect, it } from 'vitest';
import { readBackup } from '../../src/backup/read-backup.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { fleetFolder, readyStatus, succeed } from './fleet.js';
import { backedUp, file, inMembers, loseEtcd, movedOn, replicasIn, restoring, settled } from './restored.js';
import { smallFleet } from './small-fleet.js';
import { applyTo } from './workloads.js';

const fleet = smallFleet();

function inKarmada({ state }: Account, key: string): unknown {
  return state.apis['karmada/us-west-2/karmada-parent']?.objects[key];
}

/** Karmada’s objects, and what of the parent’s a restore might change. */
function worldOf({ state }: Account): string {
  const { objects = {} } = state.apis['eks/us-west-2/karmada-parent'] ?? {};
  return JSON.stringify([
    state.apis['karmada/us-west-2/karmada-parent'],
    objects['configmaps/karmada-system/karmada-eks'],
  ]);
}

it('brings back an older point: what differs is shown and held back, until it is released', async () => {
  const account = await movedOn(await backedUp(fleet()));
  const before = inMembers(account);
  expect(replicasIn(account, 'web')).toEqual([6, 6]);
  expect(replicasIn(account, 'late')).toEqual([3, 3]);
  const { stdout, stderr } = await succeed(account, restoring);
  expect(stdout).toMatch(
    /^Karmada +Deployment shop\/late +disappears; workloads of it keep running in members, without/m,
  );
  expect(stdout).toMatch(/^Karmada +PropagationPolicy shop\/late +disappears/m);
  expect(stdout).toMatch(/^one +Deployment shop\/web +held back: stays as it is \(backup: 3 replicas instead of 6\)$/m);
  expect(stdout).toMatch(/^two +Deployment shop\/web +held back/m);
  expect(stdout).toMatch(
    /^replace +Karmada’s data +in karmada-parent +PropagationPolicy shop\/late, Deployment shop\/late/m,
  );
  expect(stderr).toMatch(/backup of fleet karmada, taken 2 minutes ago \(2026-/);
  const [, saved = ''] = /^what was there before is backed up in (\S+)$/m.exec(stderr) ?? [];
  expect(saved).toMatch(new RegExp(`^${fleetFolder}/backups/karmada-2026\\w+\\.tar$`));
  await succeed(account, `backup verify ${saved}`);

  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  expect(inKarmada(account, 'deployments/shop/web')).toMatchObject({ spec: { replicas: 3 } });
  expect(inKarmada(account, 'deployments/shop/late')).toBeUndefined();

  const [, patch = ''] =
    /^ {2}kubectl --context karmada-apiserver patch propagationpolicy web --namespace shop --type merge --patch '(.*)'$/m.exec(
      stderr,
    ) ?? [];
  const args = ['patch', 'propagationpolicies', 'web', '--namespace=shop', '--type=merge', `--patch=${patch}`];
  const reach = [`--kubeconfig=${fleetFolder}/kubeconfigs/karmada-apiserver.json`, '--context=karmada-apiserver'];
  const { signal } = new AbortController();
  const released = await connect(account).world.exec({
    tool: 'kubectl',
    args: [...reach, ...args],
    timeoutMs: 60_000,
    signal,
  });
  expect(released).toMatchObject({ kind: 'exited', code: 0 });
  await settled(account);
  expect(replicasIn(account, 'web')).toEqual([3, 3]);
  expect(JSON.stringify(inKarmada(account, 'propagationpolicies/shop/web'))).not.toMatch(/suspension|held-by-restore/);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it('brings back what etcd has lost, once it is agreed that there is nothing to back up', async () => {
  const account = await backedUp(fleet());
  const before = inMembers(account);
  await loseEtcd(account);
  const refused = await cli(account, restoring);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain(
    'Karmada of fleet karmada has lost its data: it has no members, and there is nothing to back up',
  );
  expect(refused.stderr).toContain('add --no-backup');
  const { stderr } = await succeed(account, `${restoring} --no-backup`);
  expect(stderr).toContain('what Karmada holds now cannot be read; it is replaced');
  expect(stderr).toContain('everything in the members is as in the backup');
  expect(stderr).not.toContain('suspended');
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  expect(inKarmada(account, 'propagationpolicies/shop/web')).toBeDefined();
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it('holds back all that a member which cannot be read would get', async () => {
  const account = await backedUp(fleet());
  const member = account.state.apis['eks/us-west-2/one'];
  if (member !== undefined) member.reachable = false;
  const { stdout, stderr } = await succeed(account, restoring);
  expect(stdout).toMatch(
    /^one +Deployment shop\/web +held back: the member cannot be read, or does not tell what would change$/m,
  );
  expect(stderr).toContain('patch propagationpolicy web --namespace shop');
});

it.runIf(triesMore)('keeps the credentials of members, whose tokens were rotated since', async () => {
  const account = await backedUp(fleet());
  await succeed(account, 'members rotate-token --yes');
  await succeed(account, restoring);
  await settled(account);
  await readyStatus(account);
});

it('changes nothing without the fleet’s name, or where the backup of the present fails', async () => {
  const account = await movedOn(await backedUp(fleet()));
  const before = worldOf(account);
  expect(await cli(account, `restore ${file} --yes`)).toMatchObject({ code: 2 });
  expect(await cli(account, `restore ${file} --yes --confirm other`)).toMatchObject({ code: 2 });
  const full = { call: 'http POST /v3/maintenance/snapshot', kind: 'die-half-way' } as const;
  const { code, stderr } = await cli(account, restoring, { faults: [full] });
  expect(code).toBe(4);
  expect(stderr).toContain('or go on without a backup: add --no-backup');
  expect(worldOf(account)).toBe(before);
});

it.each([
  ['truncated', (text: string) => text.slice(0, text.length / 2), 'cannot be used'],
  ['altered', (text: string) => text.replace('"syncMode":"Push"', '"syncMode":"Pull"'), 'etcd.db has another SHA-256'],
  ['of a newer version', (text: string) => text.replace('{"v":1,', '{"v":2,'), 'expected version 1, got 2'],
  ['empty', () => '', 'it is empty'],
  ['no backup', () => 'a picture of a cat'.repeat(1000), 'cannot be used'],
  [
    'another fleet’s',
    (text: string) => text.replace(/("fleet":\{"name":"karmada","id":")\w/, '$1X'),
    'cannot be restored into fleet karmada',
  ],
  [
    'of another Karmada',
    (text: string) => text.replace('"karmada":"1.18.2"', '"karmada":"1.17.0"'),
    'it is a backup of Karmada 1.17.0, but 1.18.2 is installed',
  ],
])('refuses a file that is %s, and changes nothing', async (_, spoil, words) => {
  const account = await backedUp(fleet());
  account.state.files[file] = spoil(account.state.files[file] ?? '');
  const before = worldOf(account);
  const { code, stderr } = await cli(account, restoring);
  expect(code).toBe(3);
  expect(stderr).toContain(words);
  expect(stderr).toContain('backup-unreadable');
  expect(worldOf(account)).toBe(before);
});

it('refuses a file that is not there, or may not be read', async () => {
  const account = await backedUp(fleet());
  const before = worldOf(account);
  const missing = await cli(account, restoring.replace(file, '/none.tar'));
  expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no such file') });
  const denied = { call: `file read ${file}`, kind: 'fail', message: 'EACCES: permission denied' } as const;
  const { code, stderr } = await cli(account, restoring, { faults: [denied] });
  expect(code).toBe(4);
  expect(stderr).toContain('permission denied');
  expect(worldOf(account)).toBe(before);
});

it('gives nobody access again that was revoked, and shows who gets other rights', async () => {
  const account = fleet();
  for (const name of ['alice', 'bob']) await succeed(account, `access kubeconfig --user ${name}`);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [{ kind: 'User', name: 'carol', apiGroup: 'rbac.authorization.k8s.io' }];
  const ops = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'ops' } };
  await applyTo(account, 'karmada-apiserver', [{ ...ops, roleRef, subjects }]);
  await backedUp(account);
  await succeed(account, 'access revoke alice --yes');
  delete account.state.apis['karmada/us-west-2/karmada-parent']?.objects['clusterrolebindings//ops'];
  const { stdout } = await succeed(account, restoring);
  expect(stdout).toMatch(/^Karmada +ClusterRoleBinding ops +appears/m);
  expect(stdout).not.toContain('alice');
  await settled(account);
  expect(JSON.parse((await succeed(account, 'access list -o json')).stdout)).toMatchObject([{ person: 'bob' }]);
  expect(inKarmada(account, 'clusterrolebindings//ops')).toBeDefined();
});

it('keeps tokens that were rotated since, also without a backup of the present', async () => {
  const account = await backedUp(fleet());
  await succeed(account, 'members rotate-token --yes');
  const { data } = inKarmada(account, 'secrets/karmada-cluster/one') as { readonly data: object };
  await succeed(account, `${restoring} --no-backup`);
  await settled(account);
  expect(inKarmada(account, 'secrets/karmada-cluster/one')).toMatchObject({ data });
  await readyStatus(account);
});

it('refuses a full etcd and a backup with another CA, and changes nothing', async () => {
  const account = await backedUp(fleet());
  const before = worldOf(account);
  const message = '{"alarms":[{"memberID":"1","alarm":"NOSPACE"}]}';
  const full = { call: 'http POST /v3/maintenance/alarm', kind: 'garbage', message } as const;
  const { code, stderr } = await cli(account, restoring, { faults: [full] });
  expect([code, stderr]).toEqual([4, expect.stringContaining('is full (alarm NOSPACE) and accepts no writes')]);
  const secret = account.state.apis['eks/us-west-2/karmada-parent']?.objects['secrets/karmada-system/karmada-cert'];
  if (secret !== undefined) secret['data'] = { ...(secret['data'] as object), 'ca.crt': 'b3RoZXI=' };
  const other = await cli(account, restoring);
  expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('Karmada was reinstalled since')]);
  expect(worldOf(account)).toBe(before);
});

/** A pod of the scheduler that no controller of the rehearsal touches. */
function leavePod(account: Account, phase: string): void {
  const objects = account.state.apis['eks/us-west-2/karmada-parent']?.objects ?? {};
  const metadata = {
    name: 'karmada-scheduler-left',
    namespace: 'karmada-system',
    uid: 'left',
    creationTimestamp: '2026-11-22T12:00:00Z',
  };
  objects['pods/karmada-system/karmada-scheduler-left'] = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { nodeName: 'a' },
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

it('does not wait for pods that were evicted', async () => {
  const account = await backedUp(fleet());
  leavePod(account, 'Failed');
  await succeed(account, restoring);
});

it.runIf(triesMore)('starts Karmada again where it could not be stopped, and nothing was written', async () => {
  const account = await backedUp(fleet());
  leavePod(account, 'Running');
  const { code, stderr } = await cli(account, restoring);
  expect(code).toBe(4);
  expect(stderr).toMatch(/did not end within 5 minutes; etcd was not changed\n {2}why: {2}\S+ still has 1 pod\n/);
  expect(stderr).toContain('nothing was written into etcd: Karmada is started again');
  expect(stderr).toContain('start Karmada as it was');
  await settled(account);
  await readyStatus(account);
  await succeed(account, 'backup');
});

it('takes a restore of the past, whose mark was left, for no restore that is under way', async () => {
  const account = await movedOn(await backedUp(fleet()));
  const configMap =
    account.state.apis['eks/us-west-2/karmada-parent']?.objects['configmaps/karmada-system/karmada-eks'];
  const { manifest } = await readBackup(connect(account).world.files, file);
  const names = ['karmada-apiserver', 'karmada-scheduler'];
  const mark = {
    sha256: manifest.etcd.sha256,
    file,
    madeAt: manifest.madeAt,
    before: null,
    loses: [],
    replicas: Object.fromEntries(names.map((name) => [name, 2])),
    isBegun: true,
    isWritten: true,
  };
  if (configMap !== undefined)
    configMap.metadata.annotations = {
      ...configMap.metadata.annotations,
      'karmada-eks/restoring': JSON.stringify(mark),
    };
  await readyStatus(account);
  const { stdout, stderr } = await succeed(account, restoring);
  expect(stdout).toMatch(/^Karmada +Deployment shop\/late +disappears/m);
  expect(stderr).toContain('what was there before is backed up in');
  await settled(account);
  expect(inKarmada(account, 'deployments/shop/late')).toBeUndefined();
});

it('warns of what was under way when the backup was taken', async () => {
  const account = await backedUp(fleet());
  const policy = account.state.apis['karmada/us-west-2/karmada-parent']?.objects['propagationpolicies/shop/web'];
  const finalizers = ['karmada.io/propagation-policy-controller'];
  if (policy !== undefined) Object.assign(policy.metadata, { deletionTimestamp: '2026-11-22T12:00:00Z', finalizers });
  await succeed(account, 'backup --to /home/you/midst.tar');
  const { stderr } = await cli(account, restoring.replace('karmada.tar', 'midst.tar'));
  expect(stderr).toContain(
    'warning: under way when the backup was taken, and carried on after the restore: propagationpolicies shop/web is deleted',
  );
});
