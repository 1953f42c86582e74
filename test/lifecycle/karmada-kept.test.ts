/** A Karmada that works, or may hold something, is never removed by `up`, whatever marks say. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readBackup } from '../../src/backup/read-backup.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { requestDeletion } from '../../src/rehearsal/kube/api-server/deletion.js';
import {
  builtIn,
  createObject,
  dropObject,
  findObject,
  listObjects,
} from '../../src/rehearsal/kube/api-server/store.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const parentKey = `eks/${region}/karmada-parent`;
const karmadaKey = `karmada/${region}/karmada-parent`;
let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

function api(account: Account, key: string): ApiState {
  const found = account.state.apis[key];
  if (found === undefined) throw new Error(`there is no ${key}`);
  return found;
}

/** A namespace and a policy of somebody who uses Karmada. */
function use(account: Account): void {
  const karmada = api(account, karmadaKey);
  createObject(karmada, builtIn('namespaces'), { metadata: { name: 'shop' } }, account.now());
  const policy = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' };
  createObject(
    karmada,
    builtIn('propagationpolicies'),
    { ...policy, metadata: { name: 'web', namespace: 'shop' }, spec: {} },
    account.now(),
  );
}

function expectUsed(account: Account): void {
  const karmada = api(account, karmadaKey);
  expect(findObject(karmada, 'namespaces', '', 'shop')).toBeDefined();
  expect(findObject(karmada, 'propagationpolicies', 'shop', 'web')).toBeDefined();
}

function claims(account: Account): readonly string[] {
  return listObjects(api(account, parentKey), 'persistentvolumeclaims', 'karmada-system').map(({ metadata }) =>
    String(metadata['uid']),
  );
}

function annotations(account: Account): Record<string, string> {
  const found = findObject(api(account, parentKey), 'configmaps', 'karmada-system', 'karmada-eks');
  return (found?.metadata['annotations'] ?? {}) as Record<string, string>;
}

function lose(account: Account, ...names: readonly string[]): void {
  const noted = annotations(account);
  for (const name of names) delete noted[`karmada-eks/${name}`];
}

function ending({ stderr }: Ended): string {
  return stderr.slice(stderr.indexOf('✖'));
}

it('is marked again where the mark is lost, and nothing else happens', async () => {
  const account = restore(made);
  use(account);
  lose(account, 'installed');
  const before = claims(account);
  const ended = await succeed(account, smallUp);
  expect(ended.stdout).toContain('Karmada is complete: only the record of it is written');
  expect(ended.calls.filter(({ key }) => key.startsWith('exec kubectl-karmada')).map(({ key }) => key)).toEqual([
    'exec kubectl-karmada version',
  ]);
  expect(claims(account)).toEqual(before);
  expect(annotations(account)['karmada-eks/installed']).toBe('1.18.2');
  expectUsed(account);
});

it.runIf(triesMore)('stays where up was killed right after init had ended, and somebody used it', async () => {
  const account = newMachine();
  const first = await cli(account, smallUp, { killAfterCommand: initIn(await undisturbed()) });
  expect(first.code).toBe('killed');
  expect(annotations(account)['karmada-eks/installed']).toBeUndefined();
  await account.clock.sleep(60_000);
  use(account);
  const before = claims(account);
  await succeed(account, smallUp);
  expect(claims(account)).toEqual(before);
  expectUsed(account);
  await readyStatus(account);
});

async function undisturbed(): Promise<Ended> {
  return await succeed(newMachine(), smallUp);
}

/** The number of the changing command that is `init`. */
function initIn({ commands }: Ended): number {
  return commands.findIndex(({ key }) => key.includes('kubectl-karmada init')) + 1;
}

it.runIf(triesMore)(
  'survives a down that is killed at every event, until its removal was begun',
  { timeout: 900_000 },
  async () => {
    const whole = await succeed(restore(made), down);
    const counts = { kept: 0, refused: 0, gone: 0 };
    await passAll('down killed, then up, at event', 20, upTo(whole.events.length), async (killAt) => {
      const account = restore(made);
      use(account);
      expect((await cli(account, down, { killAt })).code).toBe('killed');
      const hadAll = account.state.apis[karmadaKey] !== undefined;
      const again = await cli(account, smallUp);
      if (again.code === 0 && hadAll) {
        expectUsed(account);
        counts.kept += 1;
      } else if (again.code === 3) {
        expect(ending(again)).toContain('code: karmada-incomplete');
        expect(ending(again)).toContain('add --reinstall-karmada to the same command');
        await succeed(account, `${smallUp} --reinstall-karmada`);
        counts.refused += 1;
      } else {
        expect(again.code, ending(again)).toBe(0);
        counts.gone += 1;
      }
      await readyStatus(account);
    });
    if (triesMore) expect(counts.kept).toBeGreaterThan(0);
    console.info(`after a killed down: ${JSON.stringify(counts)}`);
  },
);

it('is refused by up where deinit died midway, for its volumes are still there', async () => {
  const account = restore(made);
  use(account);
  const fault = { call: 'exec kubectl-karmada deinit*', kind: 'die-half-way' } as const;
  expect((await cli(account, down, { faults: [fault] })).code).toBe(4);
  expect(annotations(account)['karmada-eks/installed']).toBe('1.18.2');
  const before = claims(account);
  const again = await cli(account, smallUp);
  expect(again.code).toBe(3);
  expect(ending(again)).toContain(
    'and holds data that would be lost: 3 volumes of etcd, with data that its API cannot list now',
  );
  expect(claims(account)).toEqual(before);
  await succeed(account, `${smallUp} --reinstall-karmada`);
  await readyStatus(account);
});

describe('a Karmada of which a component is missing', () => {
  function broken(): Account {
    const account = restore(made);
    use(account);
    return withoutWebhook(account);
  }

  function withoutWebhook(account: Account): Account {
    const parent = api(account, parentKey);
    const webhook = findObject(parent, 'deployments', 'karmada-system', 'karmada-webhook');
    if (webhook === undefined) throw new Error('there is no webhook');
    requestDeletion(account.now(), parent, 'deployments', webhook);
    return account;
  }

  it('is refused in the plan, with what it holds and the ways out', async () => {
    const account = broken();
    const ended = await cli(account, smallUp, { alone: true });
    expect(ended.code).toBe(3);
    expect(ending(ended)).toMatchInlineSnapshot(`
      "✖ Karmada in karmada-parent is not complete, and holds data that would be lost: policy shop/web, namespace shop, member one, member two
        why:  karmada-webhook: 0 of 2 ready (it does not exist)
        next: 1. restore what is missing, e.g. from its manifest: kubectl -n karmada-system get all
              2. or discard its data and install it again: add --reinstall-karmada to the same command
              3. or delete the fleet: karmada-eks down --fleet karmada --region us-west-2
        code: karmada-incomplete
      "
    `);
    expectUsed(account);
  });

  function used(account: Account, ...objects: readonly (readonly [string, string])[]): Account {
    for (const [kind, name] of objects) {
      const object = { metadata: { name, namespace: 'default' } };
      createObject(api(account, karmadaKey), builtIn(kind), object, account.now());
    }
    return account;
  }

  async function unused(): Promise<Account> {
    const account = restore(made);
    await succeed(account, 'unjoin one two --yes', { alone: true });
    return withoutWebhook(account);
  }

  const settings = [
    ['secrets', 'shop-password'],
    ['configmaps', 'shop-settings'],
  ] as const;

  it('is refused with Secrets and ConfigMaps in namespace default alone', async () => {
    const account = used(await unused(), ...settings);
    const before = claims(account);
    const ended = await cli(account, 'up --yes', { alone: true });
    expect(ended.code).toBe(3);
    expect(ending(ended)).toContain(
      'is not complete, and holds data that would be lost: ConfigMap default/shop-settings, Secret default/shop-password\n',
    );
    expect(claims(account)).toEqual(before);
  });

  it('is refused where it holds nothing: an API that answers is not removed unasked', async () => {
    const account = await unused();
    const before = claims(account);
    const ended = await cli(account, 'up --yes', { alone: true });
    expect(ended.code).toBe(3);
    expect(ending(ended)).toContain('✖ Karmada in karmada-parent is not complete, and its API responds\n');
    expect(claims(account)).toEqual(before);
  });

  it.each([
    ['nothing', [], 0],
    ['a Secret', settings.slice(0, 1), 3],
    ['a role of somebody', [['roles', 'reader']] as const, 3],
  ])('is removed where its installation never ended and it holds nothing: %s', async (_, objects, code) => {
    const account = used(await unused(), ...objects);
    // The request of the pull member's agent is all that is left of the members.
    for (const request of listObjects(api(account, karmadaKey), 'certificatesigningrequests'))
      dropObject(api(account, karmadaKey), 'certificatesigningrequests', request);
    lose(account, 'installed');
    annotations(account)['karmada-eks/installing'] = '2026-01-01T00:00:00.000Z';
    const before = claims(account);
    const ended = await cli(account, 'up --yes', { alone: true });
    expect(ended.code, ending(ended)).toBe(code);
    if (code === 0) await readyStatus(account);
    else expect(claims(account)).toEqual(before);
  });

  it('is removed and installed again with --reinstall-karmada, after all that is lost was shown', async () => {
    const account = broken();
    const ended = await succeed(account, `${smallUp} --reinstall-karmada`);
    expect(ended.stdout.replaceAll(/ +/g, ' ')).toContain(
      'delete Karmada control plane of fleet karmada in karmada-parent policy shop/web, namespace shop, ConfigMap default/canary, member one, member two this fleet (tag and record of its installation)',
    );
    expect(findObject(api(account, karmadaKey), 'namespaces', '', 'shop')).toBeUndefined();
    const [, path = ''] = /Karmada is backed up first: (\S+)/.exec(ended.stderr) ?? [];
    expect(ended.stdout).toContain(`backup of Karmada 1.18.2: ${path} (`);
    expect(ended.calls.findIndex(({ key }) => key === `file move ${path}`)).toBeLessThan(
      ended.calls.findIndex(({ key }) => key.includes('kubectl-karmada deinit')),
    );
    const { inventory } = await readBackup(connect(account).world.files, path);
    expect(inventory?.policies).toContainEqual({ kind: 'PropagationPolicy', namespace: 'shop', name: 'web' });
    await readyStatus(account);
  });

  it('is not removed where it cannot be backed up', async () => {
    const account = broken();
    const fault = { call: 'http POST /v3/maintenance/snapshot', kind: 'die-half-way' } as const;
    const ended = await cli(account, `${smallUp} --reinstall-karmada`, { faults: [fault] });
    expect(ended.code).toBe(4);
    expect(ending(ended)).toContain('or go on without a backup: add --no-backup');
    expectUsed(account);
  });
});

it('without a word of the mark and with everything healthy is not touched by --reinstall-karmada', async () => {
  const account = restore(made);
  use(account);
  lose(account, 'installed', 'installing');
  const before = claims(account);
  await succeed(account, `${smallUp} --reinstall-karmada`);
  expect(claims(account)).toEqual(before);
  expectUsed(account);
});
