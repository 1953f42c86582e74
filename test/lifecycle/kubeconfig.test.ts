/** `kubeconfig`: the ways into a fleet, on the machine that made it and on one that never saw it. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { cli } from './cli.js';
import { changes, downById, fleetFolder, kubeconfig, kubeconfigPath, newMachine, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const named = `--fleet karmada --region ${region}`;
const whole = `${fleetFolder}/kubeconfigs/fleet.json`;
const contexts = ['karmada-apiserver', 'karmada-parent', 'one', 'two'];
const fleet = smallFleet();
const merged = (): string | undefined => fleet().state.files[kubeconfigPath];

/** The fleet on another machine, whose user has the kubeconfig that the tests begin with. */
function elsewhere(): Account {
  const account = fleet();
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder) || path.startsWith('/home/you/.kube/')) delete account.state.files[path];
  }
  account.state.files[kubeconfigPath] = kubeconfig;
  return account;
}

interface Printed {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, unknown>> }[];
  readonly 'current-context': string;
}

function names({ contexts: all }: Printed): readonly string[] {
  return all.map(({ name }) => name);
}

it('prints one kubeconfig with every context, and the keys nowhere else', async () => {
  const account = elsewhere();
  const printed = await succeed(account, `kubeconfig --print ${named}`);
  expect(changes(printed)).toEqual([]);
  const config = JSON.parse(printed.stdout) as Printed;
  expect(names(config)).toEqual(contexts);
  expect(config['current-context']).toBe('karmada-apiserver');
  for (const { name, context } of config.contexts) {
    expect(context).toMatchObject({ cluster: name, user: name });
    expect(config.clusters.find((each) => each.name === name)?.cluster.server).toMatch(/^https:/);
    expect(config.users.find((each) => each.name === name)?.user).toBeTypeOf('object');
  }
  const key = String(config.users[0]?.user['client-key-data']);
  expect(key.length).toBeGreaterThan(20);
  expect(printed.stderr).not.toContain(key);
  const holding = Object.keys(account.state.files).filter((path) => account.state.files[path]?.includes(key));
  expect(holding.filter((path) => !path.startsWith(`${fleetFolder}/kubeconfigs/`))).toEqual([]);
  expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
});

it.each(['kubeconfig', 'kubeconfig --path'])('gives the path of such a file: %s', async (words) => {
  const account = elsewhere();
  expect((await succeed(account, `${words} ${named}`)).stdout).toBe(`${whole}\n`);
  const { stdout } = await succeed(account, `kubeconfig --print ${named}`);
  expect(account.state.files[whole]).toBe(stdout);
  expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
});

it('says the same as data with --json', async () => {
  const account = elsewhere();
  const line = async (form: string) =>
    JSON.parse((await succeed(account, `kubeconfig ${form} ${named} --json`)).stdout);
  expect(await line('--path')).toMatchObject({ type: 'kubeconfig', path: whole });
  const { kubeconfig: printed } = (await line('--print')) as { kubeconfig: Printed };
  expect(names(printed)).toEqual(contexts);
});

it('merges as up does, to the letter, and changes nothing the second time', async () => {
  const account = elsewhere();
  await succeed(account, `kubeconfig --merge ${named}`);
  expect(account.state.files[kubeconfigPath]).toBe(merged());
  expect(account.state.files[`${kubeconfigPath}.before-karmada-eks`]).toBe(kubeconfig);
  await succeed(account, `kubeconfig --merge ${named}`);
  expect(account.state.files[kubeconfigPath]).toBe(merged());
});

it('switches the current context when told to, and down switches it back', async () => {
  const account = elsewhere();
  await succeed(account, `kubeconfig --merge --use-context ${named}`);
  expect(account.state.files[kubeconfigPath]).toMatch(/^current-context: karmada-apiserver\b/m);
  await succeed(account, `${downById(account)} ${named}`);
  expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
});

it('is of no use to up as a place for the contexts', async () => {
  const account = elsewhere();
  const vars = { KUBECONFIG: whole };
  await succeed(account, `kubeconfig ${named}`);
  const own = account.state.files[whole];
  await succeed(account, `kubeconfig --merge ${named}`, { vars });
  expect(account.state.files[whole]).toBe(own);
  expect(account.state.files[kubeconfigPath]).toBe(merged());
});

it('goes with the fleet', async () => {
  const account = elsewhere();
  await succeed(account, `kubeconfig ${named}`);
  await succeed(account, `${downById(account)} ${named}`);
  expect(Object.keys(account.state.files).filter((path) => path.includes('/kubeconfigs/'))).toEqual([]);
});

it('reports that the Karmada API does not respond, and gives its context all the same', async () => {
  const faults = [{ call: 'exec kubectl get karmada-apiserver', kind: 'fail', times: -1 }] as const;
  const { code, stdout, stderr } = await cli(elsewhere(), `kubeconfig --print ${named}`, { faults });
  expect(code).toBe(8);
  expect(stderr).toContain('warning: karmada-apiserver: the Karmada API does not respond to this machine');
  expect(names(JSON.parse(stdout) as Printed)).toEqual(contexts);
});

it.each(['--print', '--merge'])('leaves out a member that is gone, and says so: %s', async (form) => {
  const account = elsewhere();
  delete account.region(region).clusters['one'];
  const { code, stderr } = await cli(account, `kubeconfig ${form} ${named}`);
  expect(code).toBe(8);
  expect(stderr).toContain('warning: one is omitted: its cluster does not exist or is not active');
  const text = account.state.files[kubeconfigPath] ?? '';
  if (form === '--merge') expect(text).toContain('name: two\n');
  expect(text).not.toContain('name: one\n');
});

it('refuses when nothing of the fleet can be reached', async () => {
  const account = elsewhere();
  for (const cluster of Object.values(account.region(region).clusters)) cluster.status = 'DELETING';
  const { code, stdout, stderr } = await cli(account, `kubeconfig --print ${named}`);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toContain('no cluster of fleet karmada can be reached');
  expect(stderr).toContain('cluster-unreachable');
});

it('refuses a fleet that is not there, and two forms at once', async () => {
  expect((await cli(newMachine(), `kubeconfig ${named}`)).stderr).toContain('fleet-not-found');
  const both = await cli(elsewhere(), `kubeconfig --print --merge ${named}`);
  expect(both.code).toBe(2);
  expect(both.stderr).toContain('--merge and --print: expected one of them, got both');
});

it('reports the context’s name in the kubeconfig, which is another where somebody else has an entry of that name', async () => {
  const ending = async (theirs: string): Promise<string> => {
    const account = elsewhere();
    account.state.files[kubeconfigPath] = theirs;
    const { stdout, stderr } = await succeed(account, `kubeconfig --merge ${named}`);
    return [...stderr.split('\n').filter((line) => line.includes('somebody else')), stdout].join('\n');
  };
  expect(await ending(kubeconfig)).toMatchInlineSnapshot(`
    "the members, as Karmada has them:
      kubectl --context karmada-apiserver get clusters
    "
  `);
  const taken = kubeconfig
    .replaceAll('name: home', 'name: karmada-apiserver')
    .replace('cluster: home', 'cluster: karmada-apiserver');
  expect(await ending(taken)).toMatchInlineSnapshot(`
    "the members, as Karmada has them:
      kubectl --context karmada-karmada-apiserver get clusters
    "
  `);
});

it('names the fleet’s own kubeconfig where the contexts were never merged', async () => {
  const account = elsewhere();
  const { stdout } = await succeed(account, `unjoin one --yes ${named}`);
  expect(stdout).toMatchInlineSnapshot(`
    "SCOPE    TO BE DELETED
    one      push member one of Karmada
    one      Karmada’s own objects in one
    fleet    context one in your kubeconfig
    parent   one in the fleet’s description
    one is no longer in fleet karmada
    the members, as Karmada has them:
      kubectl --kubeconfig /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/kubeconfigs/karmada-apiserver.json get clusters
    delete its cluster too:
      karmada-eks unjoin one --delete-cluster --fleet karmada --region us-west-2
    "
  `);
});
