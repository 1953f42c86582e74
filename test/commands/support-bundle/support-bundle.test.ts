/** The support bundle: one archive with what helps, no secret in it, and it comes when nothing else works. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { packed, packRedacted } from '../../../src/commands/support-bundle/bundle.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { cli } from '../../lifecycle/cli.js';
import { fleetFolder, newMachine, region, smallUp, succeed } from '../../lifecycle/fleet.js';
import { allSecrets, foundIn, secrets } from './secrets.js';

const bundle = `support-bundle --region ${region}`;

/** The bundles that lie in the working folder, newest last. */
function bundles({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => /^\/home\/you\/karmada-eks-support-[\w-]+\.tar\.gz$/.test(path));
}

/** The files of the newest bundle, as the system's own tar reads them, without their folder. */
function unpacked(account: Account): ReadonlyMap<string, string> {
  const path = bundles(account).at(-1) ?? '';
  return filesOf(Buffer.from(account.state.files[path] ?? '', 'latin1'));
}

function filesOf(input: Uint8Array): ReadonlyMap<string, string> {
  const names = execFileSync('tar', ['-tzf', '-'], { input, encoding: 'utf8' }).trim().split('\n');
  return new Map(
    names.map((name) => [
      name.slice(name.indexOf('/') + 1),
      execFileSync('tar', ['-xzOf', '-', name], { input, encoding: 'utf8' }),
    ]),
  );
}

describe.sequential('of a fleet with a push and a pull member', { shuffle: false }, () => {
  const account = newMachine();
  beforeAll(async () => {
    await succeed(account, smallUp);
  }, 60_000);

  it('holds plan, record, journal, logs, versions, status, and what the clusters say', async () => {
    const { stdout, stderr } = await succeed(account, bundle);
    const files = unpacked(account);
    expect([...files.keys()].filter((name) => !name.startsWith('logs/')).sort()).toEqual([
      'clusters.json',
      'clusters/karmada/clusters.json',
      'clusters/parent/events.json',
      'clusters/parent/pods.json',
      'clusters/two/events.json',
      'clusters/two/pods.json',
      'fleet.json',
      'journal.jsonl',
      'plan.json',
      'status.json',
      'versions.json',
    ]);
    expect([...files.keys()].filter((name) => name.startsWith('logs/')).length).toBeGreaterThan(10);
    expect(JSON.parse(files.get('status.json') ?? '')).toMatchObject({ ready: true, members: [{}, {}] });
    expect(JSON.parse(files.get('versions.json') ?? '')).toMatchObject({
      'karmada-eks': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      runtime: 'Node.js 20.17.0 on linux x64',
      tools: { eksctl: '0.230.0', 'kubectl-karmada': '1.18.2' },
    });
    const { steps } = JSON.parse(files.get('plan.json') ?? '') as {
      steps: readonly { id: string; state: string }[];
    };
    expect(steps.filter(({ state }) => state !== 'ready').map(({ id }) => id)).toEqual(['take-lease']);
    expect(files.get('clusters/parent/pods.json')).toContain('"name": "etcd-0"');
    expect(files.get('clusters/two/pods.json')).toContain('"name": "karmada-agent-');
    expect(stdout).toContain(bundles(account)[0]);
    expect(stderr).toContain('review before sharing');
  });

  it('has none of the fleet’s own keys', async () => {
    const certificates =
      account.state.apis['eks/us-west-2/karmada-parent']?.objects['secrets/karmada-system/karmada-cert'];
    const data = Object.entries((certificates as unknown as { data: Record<string, string> }).data);
    const keys = data.filter(([name]) => name.endsWith('.key')).map(([, value]) => value);
    const ca = data.find(([name]) => name === 'ca.crt')?.[1] ?? '';
    expect(new X509Certificate(Buffer.from(ca, 'base64')).ca).toBe(true);
    expect(keys.length).toBeGreaterThan(2);
    const all = [...unpacked(account).values()].join('\n');
    for (const key of keys) {
      expect(all).not.toContain(key.slice(-60));
      expect(all).not.toContain(Buffer.from(key, 'base64').toString().split('\n')[1]);
    }
    expect(all).not.toMatch(/PRIVATE KEY|[^\w]key-data"?: *"?[A-Za-z0-9+/]{20}/);
  });

  it('has no secret that somebody planted where it looks', async () => {
    plant(account);
    const faults = [{ call: 'exec eksctl version*', kind: 'fail', message: allSecrets } as const];
    await succeed(account, bundle, { faults });
    const files = unpacked(account);
    // Each place where secrets were planted is in the bundle, with what stands beside them.
    const planted = [...files].filter(([, text]) => text.includes('beside')).map(([name]) => name);
    expect(planted.sort()).toEqual([
      'clusters/karmada/clusters.json',
      'clusters/parent/events.json',
      'clusters/parent/pods.json',
      'clusters/two/events.json',
      'clusters/two/pods.json',
      'fleet.json',
      'journal.jsonl',
      'logs/planted.log',
      'status.json',
    ]);
    for (const [name, text] of files) expect(foundIn(text), name).toEqual([]);
    for (const name of files.keys()) {
      if (name.endsWith('.json')) expect(() => JSON.parse(files.get(name) ?? ''), name).not.toThrow();
    }
  });

  it('names no secret that AWS or a tool put into an error', async () => {
    const faults = [
      {
        call: 'aws ec2:DescribeVpcs*',
        kind: 'fail',
        code: 'Broken',
        message: `beside ${allSecrets}`,
        times: -1,
      } as const,
      { call: 'exec kubectl get*', kind: 'fail', message: `beside ${allSecrets}`, times: -1 } as const,
    ];
    await succeed(account, bundle, { faults });
    const files = unpacked(account);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['plan.json.missing.txt', 'status.json.missing.txt']));
    expect(files.get('plan.json.missing.txt')).toContain('beside');
    for (const [name, text] of files) expect(foundIn(text), name).toEqual([]);
  });
});

it('has nothing of the clusters with credentials of another account, and reports why', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAt: 30 });
  account.state.accountId = '444455556666';
  await succeed(account, bundle);
  const files = unpacked(account);
  const looked = [...files].filter(([name]) => /^(?:plan|status|clusters)/.test(name));
  expect(looked.map(([name]) => name)).toEqual(['plan.json.missing.txt', 'status.json.missing.txt']);
  for (const [, text] of looked) expect(text).toMatch(/account 444455556666|no local record/);
});

it('comes without AWS credentials, with what this machine knows', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAt: 30 });
  const faults = [{ call: 'aws *', kind: 'expired', times: -1 } as const];
  await succeed(account, bundle, { faults });
  const files = unpacked(account);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['fleet.json', 'journal.jsonl', 'plan.json.missing.txt', 'status.json.missing.txt']),
  );
  expect(files.get('status.json.missing.txt')).toContain('credentials');
});

it('comes when there is no fleet and no tool', async () => {
  const account = newMachine();
  await succeed(account, bundle, { tools: {} });
  const files = unpacked(account);
  expect([...files.keys()].sort()).toEqual(['plan.json.missing.txt', 'status.json.missing.txt', 'versions.json']);
  expect(files.get('versions.json')).toContain('eksctl is not on PATH');
  expect(files.get('status.json.missing.txt')).toContain('no fleet karmada in us-west-2');
});

it('tells as JSON which file it wrote', async () => {
  const account = newMachine();
  const { stdout } = await succeed(account, `${bundle} --json`);
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(last).toMatchObject({ v: 1, type: 'support-bundle', file: bundles(account)[0] });
});

it('would show a secret that came past the redactor: the search finds every kind', async () => {
  const parts = [{ name: 'a.log', text: allSecrets }];
  expect(foundIn(filesOf(await packed('folder', parts, 0)).get('a.log') ?? '')).toEqual(
    secrets.map(({ kind }) => kind),
  );
  expect(foundIn(filesOf(await packRedacted('folder', parts, 0)).get('a.log') ?? '')).toEqual([]);
});

it('hides a key that was written line by line, each line for itself', async () => {
  const lines = (secrets.find(({ kind }) => kind === 'RSA key')?.text ?? '').split('\n');
  const text = ['before', '<hidden> RSA private key', ...lines.slice(1), 'after', ''].join('\n');
  const clean = filesOf(await packRedacted('folder', [{ name: 'a.log', text }], 0)).get('a.log') ?? '';
  expect(clean).toBe('before\n<hidden> RSA private key\n<hidden>\nafter\n');
});

it('packs files of every size under long names', async () => {
  const parts = [0, 1, 511, 512, 513, 100_000].map((size) => ({ name: `logs/${size}`, text: 'ä'.repeat(size) }));
  const long = { name: `logs/${'x'.repeat(150)}.log`, text: 'long' };
  const files = filesOf(await packed('folder', [...parts, long], Date.UTC(2026, 10, 22)));
  for (const { name, text } of parts) expect(files.get(name)).toBe(text);
  expect(files.get(long.name)).toBe('long');
});

/** Puts all secrets wherever the bundle reads, each beside the word `beside`. */
function plant({ state }: Account): void {
  const text = `beside\n${allSecrets}`;
  const add = (path: string, more: string): void => {
    state.files[path] = `${state.files[path] ?? ''}${more}\n`;
  };
  add(`${fleetFolder}/journal.jsonl`, JSON.stringify({ v: 1, type: 'step-progress', line: text }));
  add(`${fleetFolder}/logs/planted.log`, text);
  const record = JSON.parse(state.files[`${fleetFolder}/fleet.json`] ?? '') as object;
  state.files[`${fleetFolder}/fleet.json`] = JSON.stringify({ ...record, note: text });
  for (const [key, api] of Object.entries(state.apis)) {
    for (const [name, object] of Object.entries(api.objects)) {
      if (!/^(pods\/karmada-system|clusters\/)\//.test(name)) continue;
      const annotations = { inside: JSON.stringify({ text: JSON.stringify({ text }) }) };
      Object.assign(object.metadata, { annotations });
    }
    if (key.startsWith('eks/')) addEvent(api, text);
  }
  for (const cluster of Object.values(state.regions[region]?.clusters ?? {})) cluster.version = text;
}

function addEvent(api: Account['state']['apis'][string], message: string): void {
  const metadata = {
    name: 'planted',
    namespace: 'karmada-system',
    uid: '1',
    creationTimestamp: '2026-11-22T00:00:00Z',
  };
  const event = { apiVersion: 'v1', kind: 'Event', metadata, type: 'Warning', reason: 'Planted', message };
  api.objects['events/karmada-system/planted'] = event as unknown as (typeof api.objects)[string];
}
