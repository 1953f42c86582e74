/** The audit notices whatever is done to a canary, and whatever is lost that nobody agreed to. */
import { describe, expect, it } from 'vitest';
import { settle } from '../../src/rehearsal/account/settle.js';
import type { Account } from '../../src/rehearsal/account.js';
import { removeApi } from '../../src/rehearsal/kube/api.js';
import type { ApiState, RegionState } from '../../src/rehearsal/state.js';
import { newMachine, region } from '../lifecycle/fleet.js';
import { smallFleet } from '../lifecycle/small-fleet.js';
import { foreignObjects } from './foreign-objects.js';
import { isAgreed, lost } from './losses.js';
import { lists } from './plant.js';
import { putDatabase, putShop } from './users.js';
import { keyOf, type ValuableKind, valuablesOf } from './valuables.js';
import { guarded, watched } from './watch.js';

const fleet = smallFleet();

/** What the audit says of a run that did this. */
async function auditOf(account: Account, harm: () => void): Promise<string> {
  const run = watched(account, async () => harm());
  return await run.then(
    () => 'nothing',
    (thrown: unknown) => String(thrown),
  );
}

/** The names of the canaries of another fleet. */
const stranger = 'karmada-parent-2';

describe('a canary in AWS', () => {
  it.each(lists)('that is the last of its %s is missed, and one that was changed is noticed', async (list) => {
    const account = newMachine();
    const here: RegionState = account.region(region);
    const last = (): { tags?: Record<string, string> } | undefined => here[list]?.at(-1) as never;
    expect(await auditOf(account, () => here[list]?.pop())).toMatch(new RegExp(`${region} ${list} \\S+ is gone$`));
    const changed = await auditOf(account, () => Object.assign(last() ?? {}, { odd: true }));
    expect(changed).toMatch(new RegExp(`${region} ${list} \\S+ was changed$`));
  });

  it.each<[string, (account: Account) => void, string]>([
    ['cluster', (account) => delete account.region(region).clusters[stranger], `cluster ${stranger} is gone`],
    [
      'node group',
      (account) => delete account.region(region).clusters[stranger]?.nodeGroups['ng'],
      `cluster ${stranger} was changed`,
    ],
    ['add-on', (account) => delete account.region(region).clusters[stranger]?.addons['coredns'], 'was changed'],
    ['rule', (account) => account.region(region).securityGroups.at(0)?.rules?.pop(), `${region} securityGroups`],
    ['role', (account) => account.state.roles.pop(), 'is gone'],
    ['role’s policy', (account) => Object.values(account.state.roleParts ?? {})[0]?.inline.pop(), 'was changed'],
    ['provider', (account) => account.state.oidcProviders.pop(), 'oidc-provider arn:aws'],
    ['Kubernetes API', (account) => removeApi(account, `eks/${region}/${stranger}`), 'namespaces//default is gone'],
    ['file', (account) => delete account.state.files['/home/you/.kube/config.canary'], 'config.canary is gone'],
    [
      'file that was written',
      (account) => {
        account.state.files['/home/you/.kube/config.canary'] += 'x';
      },
      'config.canary was changed',
    ],
  ])('%s is missed', async (_, harm, expected) => {
    const account = newMachine();
    expect(await auditOf(account, () => harm(account))).toContain(expected);
  });
});

const places = {
  parent: 'eks/us-west-2/karmada-parent',
  member: 'eks/us-west-2/one',
  karmada: 'karmada/us-west-2/karmada-parent',
};
const planted = (['parent', 'member', 'karmada'] as const).flatMap((place) =>
  Object.keys(foreignObjects[place]).map((object) => [places[place], object] as const),
);

describe('a canary in a fleet’s own cluster', () => {
  it.each(planted)('%s %s is missed, and noticed when it is another one', async (key, object) => {
    const account = fleet();
    const objects = account.state.apis[key]?.objects ?? {};
    expect(await auditOf(account, () => delete objects[object])).toContain(`${key} ${object} is gone`);
    const replace = (): void => void Object.assign(objects[object]?.metadata ?? {}, { uid: 'another' });
    expect(await auditOf(account, replace)).toContain(`${key} ${object} was changed`);
  });
});

/** Destroys something without the program. */
interface Loss {
  readonly harm: (account: Account) => void;
  readonly name: string;
  /** Its name where it is declared; the same when left out. */
  readonly declared?: string;
}

const parent = 'karmada-parent';
const objectsOf = (account: Account, key: string): ApiState['objects'] => account.state.apis[key]?.objects ?? {};

const losses: Readonly<Record<ValuableKind, Loss>> = {
  'EKS cluster': {
    harm: (account) => delete account.region(region).clusters['one'],
    name: 'one in us-west-2',
  },
  nodes: {
    harm: (account) => {
      const here = account.region(region);
      here.instances = here.instances.filter(({ cluster }) => cluster !== 'one');
    },
    name: 'one in us-west-2',
  },
  'Karmada control plane': {
    harm: (account) =>
      delete objectsOf(account, `eks/${region}/${parent}`)['persistentvolumeclaims/karmada-system/etcd-data-etcd-0'],
    name: `${parent} in us-west-2`,
    declared: `of fleet karmada in ${parent}`,
  },
  volume: {
    harm: (account) => {
      const here = account.region(region);
      here.volumes = here.volumes.filter(({ tags }) => tags['kubernetes.io/created-for/pvc/namespace'] !== 'data');
    },
    name: 'vol-',
  },
  claim: {
    harm: (account) => delete objectsOf(account, `eks/${region}/${parent}`)['persistentvolumeclaims/data/postgres'],
    name: `data/postgres in ${parent}`,
  },
  workload: {
    harm: (account) => delete objectsOf(account, `eks/${region}/${parent}`)['deployments/data/postgres'],
    name: `data/Deployment/postgres in ${parent}`,
  },
  namespace: {
    harm: (account) => delete objectsOf(account, `eks/${region}/two`)['namespaces//shop'],
    name: 'shop in two',
  },
  'object in Karmada': {
    harm: (account) => delete objectsOf(account, `karmada/${region}/${parent}`)['propagationpolicies/shop/web'],
    name: 'PropagationPolicy shop/web',
  },
};

describe('a loss', () => {
  it.each(Object.entries(losses))(
    'of kind %s is noticed, and excused by nothing but its own agreement',
    async (kind, loss) => {
      const account = fleet();
      putDatabase(account, `eks/${region}/${parent}`);
      putShop(account, `karmada/${region}/${parent}`);
      await account.clock.sleep(300_000);
      settle(account);
      const before = valuablesOf(account);
      loss.harm(account);
      const found = lost(before, valuablesOf(account));
      expect(found.map((each) => each.kind)).toEqual([kind]);
      const [first] = found;
      if (first === undefined) return;
      expect(keyOf(first)).toContain(loss.name);
      const name = loss.declared ?? first.name;
      const declared = { how: 'delete', kind, name, holds: [], evidence: '', flag: '--confirm' } as const;
      expect(isAgreed(first, [declared])).toBe(kind !== 'object in Karmada');
      expect(isAgreed(first, [{ ...declared, name: `x${name}x` }])).toBe(false);
      expect(isAgreed(first, [{ ...declared, kind: 'security group' }])).toBe(false);
    },
  );

  it.each(guarded)('of kind %s stops a test where nobody agreed to it', async (kind) => {
    const account = fleet();
    putDatabase(account, `eks/${region}/${parent}`);
    putShop(account, `karmada/${region}/${parent}`);
    await account.clock.sleep(300_000);
    settle(account);
    expect(await auditOf(account, () => losses[kind].harm(account))).toMatch(/ was lost, and nobody agreed to that$/m);
  });
});
