/** `access`: people get certificates of their own for Karmada, which expire and can be revoked. */
import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { builtIn, createObject, findObject } from '../../src/rehearsal/kube/api-server/store.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { passAll, upTo } from './cases.js';
import { cli } from './cli.js';
import { fleetFolder, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const hour = 3_600_000;
const give = 'access kubeconfig --user alice --role edit';

interface Printed {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

function certificateOf(text: string): X509Certificate {
  const { users } = JSON.parse(text) as Printed;
  return new X509Certificate(Buffer.from(users[0]?.user['client-certificate-data'] ?? '', 'base64'));
}

/** What kubectl answers to somebody with this kubeconfig: nothing when all is well. */
async function refusalOf(account: Account, kubeconfig: string): Promise<string> {
  const { exec, files } = connect(account).world;
  await files.write('/home/you/alice.json', kubeconfig);
  const flags = ['--kubeconfig=/home/you/alice.json', '--context=karmada-apiserver', '--request-timeout=30s'];
  const args = [...flags, 'get', 'namespaces', '--output=json', '--ignore-not-found'];
  const result = await exec({ tool: 'kubectl', args, timeoutMs: 60_000, signal: new AbortController().signal });
  return result.kind === 'exited' ? result.stderr : result.kind;
}

async function listed(account: Account): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse((await succeed(account, 'access list -o json')).stdout);
}

it('gives a certificate of the person’s own, which expires', async () => {
  const account = fleet();
  const began = account.now();
  const { stdout, stderr } = await succeed(account, `${give} --for 2h`);
  const certificate = certificateOf(stdout);
  expect(certificate.subject).toMatch(/^O=karmada-eks:[0-9a-z]{12}\nCN=alice$/);
  const life = Date.parse(certificate.validTo) - began;
  expect(life).toBeGreaterThan(2 * hour - 1000);
  expect(life).toBeLessThan(2 * hour + 60_000);
  expect(await refusalOf(account, stdout)).toBe('');
  const until = new Date(Date.parse(certificate.validTo)).toISOString();
  expect(await listed(account)).toEqual([{ person: 'alice', role: 'edit', namespace: null, until, ended: false }]);
  expect(stderr).toContain('alice has the role edit in all namespaces until ');
  expect(stderr).toContain(`to revoke it earlier: karmada-eks access revoke alice --fleet karmada --region ${region}`);
  expect(stderr).toContain('warning: in all namespaces this role reads the tokens of push members');
  await account.clock.sleep(2 * hour + 60_000);
  expect(await refusalOf(account, stdout)).toContain('Unauthorized');
  expect((await succeed(account, 'access list')).stdout).toMatch(/alice\s+edit\s+\(all\)\s+ended 20/);
});

it('keeps the key out of everything but what it prints', async () => {
  const account = fleet();
  const printed = await succeed(account, give);
  const { users } = JSON.parse(printed.stdout) as Printed;
  const key = users[0]?.user['client-key-data'] ?? '';
  expect(users[0]?.name).toBe('alice');
  expect(Buffer.from(key, 'base64').toString()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  const half = Buffer.from(key, 'base64').toString().split('\n')[1] ?? '';
  const everywhere = JSON.stringify([account.state, printed.stderr, printed.events, printed.calls]);
  for (const secret of [key, half]) expect(everywhere).not.toContain(secret);
  expect(everywhere).toContain('karmada-eks:alice:');
});

it('takes the rights away, and what was revoked stays so when somebody is granted something again', async () => {
  const account = fleet();
  const first = (await succeed(account, give)).stdout;
  const { stdout, stderr } = await succeed(account, 'access revoke alice --yes');
  expect(stdout).toMatch(/alice\s+edit\s+\(all\)/);
  expect(stderr).toContain('the grants above are revoked; their certificates still prove who alice is until 2026-');
  expect(await refusalOf(account, first)).toContain('Forbidden');
  expect((await succeed(account, 'access list')).stdout).toBe(
    'nobody has access except with the installer’s certificate\n',
  );
  const second = (await succeed(account, give)).stdout;
  expect(await refusalOf(account, second)).toBe('');
  expect(await refusalOf(account, first)).toContain('Forbidden');
});

it('revokes all that a person has, and nothing of another', async () => {
  const account = fleet();
  for (const words of [give, 'access kubeconfig --user alice', 'access kubeconfig --user bob@example.com'])
    await succeed(account, words);
  await succeed(account, 'access revoke alice --yes');
  expect(await listed(account)).toMatchObject([{ person: 'bob@example.com', role: 'view' }]);
  const { code, stderr } = await cli(account, 'access revoke alcie --yes');
  expect([code, stderr]).toEqual([2, expect.stringContaining('alcie: no access is granted under this name; nothing')]);
});

it('asks before it revokes, and needs --yes where nobody can be asked', async () => {
  const account = fleet();
  await succeed(account, give);
  const { code, stderr } = await cli(account, 'access revoke alice');
  expect([code, stderr]).toEqual([2, expect.stringContaining('access revoke needs consent: add --yes')]);
  expect(await listed(account)).toHaveLength(1);
});

it('confines a person to a namespace', async () => {
  const account = fleet();
  const { stdout, stderr } = await succeed(account, `${give} --namespace default`);
  expect(await refusalOf(account, stdout)).toBe('');
  expect(stderr).toContain('alice has the role edit in namespace default until');
  expect(stderr).not.toContain('warning');
  expect(await listed(account)).toMatchObject([{ person: 'alice', namespace: 'default' }]);
  await succeed(account, 'access revoke alice --yes');
  expect(await refusalOf(account, stdout)).toContain('Forbidden');
});

it('writes a file on request, and tells programs the same', async () => {
  const account = fleet();
  expect((await succeed(account, `${give} --path alice.json`)).stdout).toBe('/home/you/alice.json\n');
  expect(certificateOf(account.state.files['/home/you/alice.json'] ?? '').subject).toContain('CN=alice');
  const lines = (await succeed(account, `${give} --json`)).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({
    type: 'access',
    person: 'alice',
    role: 'edit',
    namespace: null,
    kubeconfig: { users: [{ name: 'alice' }] },
  });
});

it('deletes the bindings of certificates that have ended when the next one is made', async () => {
  const account = fleet();
  await succeed(account, `${give} --for 10m`);
  await account.clock.sleep(hour);
  await succeed(account, 'access kubeconfig --user bob');
  expect(await listed(account)).toMatchObject([{ person: 'bob' }]);
});

it.each([
  ['access kubeconfig', '--user is required'],
  ['access kubeconfig --user system:admin', '--user: expected letters, digits'],
  ['access kubeconfig --user -', '--user: expected letters, digits'],
  [`${give} --for 9m`, '--for: expected 10m to 720h, got 9m'],
  [`${give} --for 721h`, '--for: expected 10m to 720h, got 721h'],
  ['access kubeconfig --user alice --role owner', '--role: expected view, edit or admin, got "owner"'],
  [`${give} --namespace karmada-cluster`, '--namespace: expected a namespace of yours, got karmada-cluster'],
  [`${give} --namespace shop`, '--namespace: Karmada has no namespace shop'],
])('refuses %s and changes nothing', async (words, why) => {
  const account = fleet();
  const { code, stderr } = await cli(account, words);
  expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  expect(await listed(account)).toEqual([]);
});

it('tells who signs when nobody does', async () => {
  const account = fleet();
  const { code, stderr } = await cli(account, give, {
    faults: [{ call: 'exec kubectl certificate*', kind: 'no-effect' }],
  });
  expect(code).toBe(4);
  expect(stderr).toContain('Karmada did not sign the certificate of alice within a minute; nothing was granted');
  expect(await listed(account)).toEqual([]);
});

it('leaves nothing that anybody has the key of when it is killed, and is run again', { timeout: 300_000 }, async () => {
  const { events, commands } = await succeed(fleet(), give);
  const killed = async (kill: object): Promise<void> => {
    const account = fleet();
    expect(await cli(account, give, kill)).toMatchObject({ code: 'killed', stdout: '' });
    expect(await refusalOf(account, (await succeed(account, give)).stdout)).toBe('');
    await succeed(account, 'access revoke alice --yes');
    expect(await listed(account)).toEqual([]);
  };
  await passAll('access kubeconfig killed at event', 6, upTo(events.length), (killAt) => killed({ killAt }));
  await passAll('access kubeconfig killed at the end of command', 5, upTo(commands.length), (killAfterCommand) =>
    killed({ killAfterCommand }),
  );
});

it('goes on revoking after a kill at every event', { timeout: 300_000 }, async () => {
  const granted = async (): Promise<Account> => {
    const account = fleet();
    for (const words of [give, 'access kubeconfig --user alice --namespace default']) await succeed(account, words);
    return account;
  };
  const { events } = await succeed(await granted(), 'access revoke alice --yes');
  await passAll('access revoke killed at event', 6, upTo(events.length), async (killAt) => {
    const account = await granted();
    expect((await cli(account, 'access revoke alice --yes', { killAt })).code).toBe('killed');
    if ((await listed(account)).length > 0) await succeed(account, 'access revoke alice --yes');
    expect(await listed(account)).toEqual([]);
  });
});

it('writes nothing of it into the fleet’s folder but its journal and logs', async () => {
  const account = fleet();
  const before = new Set(Object.keys(account.state.files));
  await succeed(account, give);
  const added = Object.keys(account.state.files).filter((path) => !before.has(path));
  expect(added.filter((path) => !path.startsWith(`${fleetFolder}/logs/`))).toEqual([]);
});

it('replaces no file, and then gives nobody access', async () => {
  const account = fleet();
  account.state.files['/home/you/alice.json'] = 'precious';
  const ended = await cli(account, `${give} --path alice.json`);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('--path: /home/you/alice.json already exists');
  expect(account.state.files['/home/you/alice.json']).toBe('precious');
  expect(await listed(account)).toEqual([]);
});

const parts = ({ state }: Account): readonly string[] =>
  Object.keys(state.files).filter((path) => path.startsWith('/home/you/alice'));

it('grants nothing where the file cannot be made', async () => {
  const account = fleet();
  const faults = [
    { call: 'file write /home/you/alice.json*', kind: 'fail', message: 'ENOSPC: no space left on device' } as const,
  ];
  const ended = await cli(account, `${give} --path alice.json`, { faults });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('could not write /home/you/alice.json\n');
  expect(await listed(account)).toEqual([]);
  expect(ended.commands).toEqual([]);
});

it('takes the grant back where the disk is full at the end', async () => {
  const account = fleet();
  const message = 'ENOSPC: no space left on device';
  const faults = [{ call: 'file write /home/you/alice.json*', kind: 'fail', message, skip: 1 } as const];
  const ended = await cli(account, `${give} --path alice.json`, { faults });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('could not write /home/you/alice.json; what was granted to alice is revoked again');
  expect(ended.stderr).not.toContain('alice has the role');
  expect(await listed(account)).toEqual([]);
  expect(parts(account)).toEqual([]);
});

it('replaces nothing that is created while it waits for the certificate', async () => {
  const account = fleet();
  const thesis = async (): Promise<void> => {
    await account.clock.sleep(1_500);
    account.state.files['/home/you/alice.json'] = 'my thesis';
  };
  const [ended] = await Promise.all([cli(account, `${give} --path alice.json`), thesis()]);
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('--path: /home/you/alice.json already exists; what was granted to alice is revoked');
  expect(account.state.files['/home/you/alice.json']).toBe('my thesis');
  expect(await listed(account)).toEqual([]);
  expect(parts(account)).toEqual(['/home/you/alice.json']);
});

it('takes the grant back where nobody reads the kubeconfig', async () => {
  const account = fleet();
  const ended = await cli(account, give, { stdout: 'broken' });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain(
    'could not write the kubeconfig to stdout; what was granted to alice is revoked again',
  );
  expect(await listed(account)).toEqual([]);
  const faults = [{ call: 'exec kubectl delete *', kind: 'fail', message: 'no', skip: 1 } as const];
  const kept = await cli(account, give, { stdout: 'broken', faults });
  expect(kept.stderr).toContain('alice has the role edit in all namespaces, and nobody has the key for it');
  expect(kept.stderr).toContain('revoke it: karmada-eks access revoke alice');
});

it.each([
  [{ stdout: { mode: 0o644 } }, 'other users of this machine can read the file that has the private key now'],
  [{ columns: 120 }, 'the private key is on the screen now'],
  [{ stdout: { mode: 0o600 } }, undefined],
])('warns of those who may see the key: %o', async (options, warning) => {
  const { stderr } = await succeed(fleet(), `${give} --namespace default`, options);
  if (warning === undefined) expect(stderr).not.toContain('warning');
  else expect(stderr.replace(/\s+/g, ' ')).toContain(`warning: ${warning}`);
});

it('tells what it adds to roles the first time, and for whom, and leaves a role that somebody changed', async () => {
  const account = fleet();
  const karmada = Object.values(account.state.apis).find(({ kind }) => kind === 'karmada') as ApiState;
  createObject(karmada, builtIn('clusterrolebindings'), opsBinding, account.now());
  const { stderr } = await succeed(account, give);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    'cluster-wide policies, members, quotas and interpreters, for everybody who has one of these roles; those whom others have bound to them too: ClusterRoleBinding ops (edit)',
  );
  const edit = findObject(karmada, 'clusterroles', '', 'karmada-eks:edit') as { rules?: unknown };
  edit.rules = [];
  expect((await succeed(account, give)).stderr).not.toContain('cluster-wide policies');
  expect(edit.rules).toEqual([]);
  const revoked = await succeed(account, 'access revoke alice --yes');
  expect(revoked.stderr.replace(/\s+/g, ' ')).toContain(
    'warning: ClusterRoleBinding ops, which karmada-eks did not make, gives alice the role edit until it is deleted',
  );
});

const opsBinding = {
  metadata: { name: 'ops' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
};
