/** Members whose clusters do not answer are only taken out by force, and what stays in them is said before. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { setReachable } from '../../src/rehearsal/kube/api.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { inThisRun, triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, region, succeed } from './fleet.js';
import { expectNoTrace, keptByKarmada, mixedFleet, mixedMachine, objectsOf, withLaptop } from './unjoined.js';

const before = resourceIds(mixedMachine());
let made: string;

beforeAll(async () => {
  made = snapshot(await mixedFleet());
}, 120_000);

function keyOf(name: string): string {
  return name === 'laptop' ? 'plain/laptop' : `eks/${region}/${name}`;
}

/** The fleet, with the cluster of one member dead. */
function fleetWithout(name: string): Account {
  const account = restore(made);
  setReachable(account, keyOf(name), false);
  return account;
}

describe('a member that does not respond', () => {
  it.each(['own', 'own-pull', 'adopted', 'adopted-pull', 'laptop'])(
    '%s is refused before anything is changed',
    async (name) => {
      const account = fleetWithout(name);
      const refused = await cli(account, `unjoin ${name} own-pull --yes`, withLaptop);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain('code: member-silent');
      expect(changes(refused)).toEqual([]);
    },
  );

  it('is said with what stays in it', async () => {
    expect(said(await cli(fleetWithout('own'), 'unjoin own --yes'))).toMatchInlineSnapshot(`
      "✖ member own (EKS cluster own in us-west-2) does not respond to this machine; nothing was changed
        why:  The connection to the server 00000000000000000000000000000048.gr7.us-west-2.eks.amazonaws.com was refused - did you specify the right host or port?
        next: 1. check that its cluster is up and reachable from here, then run the same command again
              2. or remove it anyway: karmada-eks unjoin own --force --fleet karmada --region us-west-2; it keeps namespace karmada-cluster, with Karmada’s cluster roles and what was propagated, unless Karmada still reaches it and removes that
        code: member-silent
      exit 3"
    `);
    expect(said(await cli(fleetWithout('adopted-pull'), 'unjoin adopted-pull --yes'))).toMatchInlineSnapshot(`
      "✖ member adopted-pull (EKS cluster adopted-pull in us-west-2) does not respond to this machine; nothing was changed
        why:  The connection to the server 00000000000000000000000000000032.gr7.us-west-2.eks.amazonaws.com was refused - did you specify the right host or port?
        next: 1. check that its cluster is up and reachable from here, then run the same command again
              2. or remove it anyway: karmada-eks unjoin adopted-pull --force --fleet karmada --region us-west-2; it keeps namespaces karmada-system (with the agent) and karmada-cluster, with Karmada’s cluster roles and what was propagated, unless Karmada still reaches it and removes that
        code: member-silent
      exit 3"
    `);
    expect(said(await cli(fleetWithout('laptop'), 'unjoin laptop --yes'))).toMatchInlineSnapshot(`
      "✖ member laptop (context laptop) does not respond to this machine; nothing was changed
        why:  The connection to the server 192.0.2.7:6443 was refused - did you specify the right host or port?
        next: 1. check that its cluster is up, or set KUBECONFIG to the file that contains its context, then run the same command again
              2. or remove it anyway: karmada-eks unjoin laptop --force --fleet karmada --region us-west-2; it keeps namespace karmada-cluster, with Karmada’s cluster roles and what was propagated, unless Karmada still reaches it and removes that
        code: member-silent
      exit 3"
    `);
  });

  it.each(inThisRun(['own', 'own-pull', 'adopted', 'adopted-pull', 'laptop']))(
    '%s is taken out by force, and what stays is said first',
    async (name) => {
      const account = fleetWithout(name);
      const asked = await cli(account, `unjoin ${name} --force`, { ...withLaptop, leaves: true });
      expect(changes(asked)).toEqual([]);
      expect(asked.stderr).toContain(`warning: ${name} does not respond`);
      const out = await succeed(account, `unjoin ${name} --force --yes`, withLaptop);
      expect((out.events.at(-1)?.at ?? 0) - (out.events[0]?.at ?? 0)).toBeLessThan(4 * 60_000);
      expect(keptByKarmada(account, name)).toEqual([]);
      expect(objectsOf(account, keyOf(name))).toContain('namespaces//karmada-cluster');
      await succeed(account, down, withLaptop);
    },
  );

  it.runIf(triesMore)('of the fleet’s own is cleared when it answers again', async () => {
    const account = fleetWithout('own-pull');
    await succeed(account, 'unjoin own-pull --force --yes', withLaptop);
    setReachable(account, keyOf('own-pull'), true);
    await succeed(account, 'unjoin own-pull --yes', withLaptop);
    expectNoTrace(account, ['own-pull']);
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
  });

  it('needs no force when its cluster goes too, or is gone', async () => {
    const account = fleetWithout('own');
    await succeed(account, 'unjoin own --delete-cluster --yes', withLaptop);
    const gone = restore(made);
    delete gone.region(region).clusters['adopted'];
    setReachable(gone, keyOf('adopted'), false);
    await gone.clock.sleep(90_000);
    await succeed(gone, 'unjoin adopted --yes', withLaptop);
    expect(keptByKarmada(gone, 'adopted')).toEqual([]);
  });

  it('is not gone when only EKS has no cluster with its name: Karmada may reach another cluster behind it', async () => {
    const account = restore(made);
    delete account.region(region).clusters['adopted'];
    const refused = await cli(account, 'unjoin adopted --yes', withLaptop);
    expect(changes(refused)).toEqual([]);
    expect(said(refused).replaceAll(/[0-9A-F]{32}/g, 'ID')).toMatchInlineSnapshot(`
      "✖ member adopted (EKS cluster adopted in us-west-2) does not respond to this machine; nothing was changed
        why:  EKS has no cluster with its name, but Karmada reaches one at https://ID.gr7.us-west-2.eks.amazonaws.com
        next: 1. check that its cluster is up and reachable from here, then run the same command again
              2. or remove it anyway: karmada-eks unjoin adopted --force --fleet karmada --region us-west-2; it keeps namespace karmada-cluster, with Karmada’s cluster roles and what was propagated, unless Karmada still reaches it and removes that
        code: member-silent
      exit 3"
    `);
  });
});

describe('a member that answers, but not Karmada', () => {
  /** The agent of a pull member is gone, and Karmada has noticed. */
  async function withoutAgent(name: string): Promise<Account> {
    const account = restore(made);
    delete account.state.apis[keyOf(name)]?.objects['deployments/karmada-system/karmada-agent'];
    // The rehearsal moves on when it is looked at.
    for (const _ of ['notices', 'has noticed']) {
      await cli(account, 'clusters');
      await account.clock.sleep(2 * 60_000);
    }
    return account;
  }

  it('is refused before anything is changed', async () => {
    const refused = await cli(await withoutAgent('adopted-pull'), 'unjoin adopted-pull --yes', withLaptop);
    expect(changes(refused)).toEqual([]);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ member adopted-pull (EKS cluster adopted-pull in us-west-2) does not respond to Karmada; nothing was changed
        why:  ClusterStatusUnknown: Cluster status controller stopped posting cluster status.
        next: 1. check that Karmada’s pods can reach its API (push), or that its agent can reach Karmada (pull), then run the same command again
              2. or remove it anyway: karmada-eks unjoin adopted-pull --force --fleet karmada --region us-west-2; it keeps what was propagated
        code: member-silent
      exit 3"
    `);
  });

  it('is removed by force, and cleared', async () => {
    const account = await withoutAgent('adopted-pull');
    await succeed(account, 'unjoin adopted-pull --force --yes', withLaptop);
    expectNoTrace(account, ['adopted-pull']);
  });

  it.each(inThisRun(['own-pull', 'adopted-pull']))('%s does not hinder down', async (name) => {
    const account = await withoutAgent(name);
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
    expectNoTrace(account, ['adopted', 'adopted-pull', 'laptop']);
  });
});

describe('a member whose context this machine lacks', () => {
  it('is refused with what to do, and taken out by force', async () => {
    const account = restore(made);
    for (const path of Object.keys(account.state.files))
      if (path.startsWith(fleetFolder)) delete account.state.files[path];
    const identity = `--fleet karmada --region ${region}`;
    expect(said(await cli(account, `unjoin laptop --yes ${identity}`))).toMatchInlineSnapshot(`
      "✖ member laptop is context laptop of your kubeconfig, which has not been agreed to on this machine
        why:  only the description of fleet karmada in karmada-parent names it, and that cannot choose your credentials
        next: 1. check where it points: kubectl config view --minify --context 'laptop'
              2. to use it: --trust-context 'laptop'
              3. or remove the member without inspecting it: karmada-eks unjoin laptop --force --fleet karmada --region us-west-2
        code: context-not-agreed
      exit 3"
    `);
    await succeed(account, `unjoin laptop --force --yes ${identity}`);
    expect(keptByKarmada(account, 'laptop')).toEqual([]);
  });
});

describe('down', () => {
  it.each(inThisRun(['own', 'own-pull']))('takes away %s, which does not respond, with its cluster', async (name) => {
    const account = fleetWithout(name);
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
    expectNoTrace(account, ['adopted', 'adopted-pull', 'laptop']);
  });

  it.each(inThisRun(['adopted', 'adopted-pull', 'laptop']))(
    'refuses while %s does not respond, until it is taken out by force',
    async (name) => {
      const account = fleetWithout(name);
      const refused = await cli(account, down, withLaptop);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain(`karmada-eks unjoin ${name} --force --fleet karmada --region us-west-2`);
      expect(changes(refused)).toEqual([]);
      await succeed(account, `unjoin ${name} --force --yes`, withLaptop);
      await succeed(account, down, withLaptop);
      expect(resourceIds(account)).toEqual(before);
    },
  );

  it('clears the clusters that stay even when Karmada does not respond any more', async () => {
    const account = restore(made);
    const parent = account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
    for (const component of ['karmada-apiserver', 'karmada-controller-manager']) {
      delete parent[`deployments/karmada-system/${component}`];
    }
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
    expectNoTrace(account, ['adopted', 'adopted-pull', 'laptop']);
  });
});
