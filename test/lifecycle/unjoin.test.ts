/** Members of every kind are taken out of a fleet that stays: nothing of Karmada is left on either side. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { inThisRun, triesMore } from './cases.js';
import { cli } from './cli.js';
import {
  changes,
  down,
  fleetFiles,
  fleetFolder,
  kubeconfig,
  kubeconfigPath,
  readyStatus,
  region,
  succeed,
} from './fleet.js';
import {
  expectNoTrace,
  laptopKubeconfig,
  mixedFleet,
  mixedMachine,
  objectsOf,
  sourceRanges,
  withLaptop,
} from './unjoined.js';

const everybody = ['own', 'own-pull', 'adopted', 'adopted-pull', 'laptop'];
const before = resourceIds(mixedMachine());
let made: string;

/** Without the rules for the load balancer's source ranges: those of a member go with it. */
function lasting(account: Account): readonly string[] {
  return resourceIds(account).filter((id) => !id.includes(' security-group-rule '));
}

beforeAll(async () => {
  made = snapshot(await mixedFleet());
}, 120_000);

function fleet(): Account {
  return restore(made);
}

async function memberNames(account: Account): Promise<readonly string[]> {
  const { members } = (await readyStatus(account)) as { members: readonly { name: string }[] };
  return members.map(({ name }) => name).sort();
}

describe('unjoin', () => {
  it.each(inThisRun(everybody))('removes %s, and leaves the others and all clusters as they are', async (name) => {
    const account = fleet();
    const resources = lasting(account);
    const out = await succeed(account, `unjoin ${name} --yes`, withLaptop);
    expect(out.stdout).toContain(`${name} is no longer in fleet karmada`);
    expectNoTrace(account, [name]);
    expect(fleetFiles(account)).not.toContain(`kubeconfigs/${name}.json`);
    expect(lasting(account)).toEqual(resources);
    expect(await memberNames(account)).toEqual(everybody.filter((each) => each !== name).sort());
    expect(account.state.files[kubeconfigPath]).not.toMatch(new RegExp(`name: "?${name}"?\\n`));
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
    expectNoTrace(account, ['adopted', 'adopted-pull', 'laptop']);
    expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
  });

  it('removes several in one call, in parallel', async () => {
    const account = fleet();
    const { commands } = await succeed(account, `unjoin ${everybody.join(' ')} --yes`, withLaptop);
    expectNoTrace(account, everybody);
    expect(await memberNames(account)).toEqual([]);
    const leaving = commands.filter(({ key }) => /unjoin|unregister/.test(key));
    expect(leaving).toHaveLength(5);
    expect(Math.max(...leaving.map(({ from }) => from))).toBeLessThan(Math.min(...leaving.map(({ to }) => to)));
  });

  it('closes the Karmada API to the addresses of a pull member only when nobody else comes from there', async () => {
    const account = fleet();
    const opened = sourceRanges(account);
    await succeed(account, 'unjoin adopted-pull --yes', withLaptop);
    const closed = sourceRanges(account);
    expect(opened.filter((range) => !closed.includes(range))).toHaveLength(1);
    await succeed(account, 'unjoin adopted --yes', withLaptop);
    expect(sourceRanges(account)).toEqual(closed);
    await succeed(account, 'unjoin own-pull --yes', withLaptop);
    expect(sourceRanges(account)).toEqual(['203.0.113.10/32']);
  });

  it('asks before it changes anything, and reports what stays and what that costs', async () => {
    const account = fleet();
    const refused = await cli(account, 'unjoin own', { ...withLaptop, leaves: true });
    expect(refused.code).toBe(130);
    expect(changes(refused)).toEqual([]);
    expect(refused.stdout).toMatchInlineSnapshot(`
      "SCOPE    TO BE DELETED
      own      push member own of Karmada
      own      Karmada’s own objects in own
      fleet    context own in your kubeconfig
      parent   own in the fleet’s description
      "
    `);
    expect(refused.stderr).toMatch(
      /^EKS cluster own in us-west-2 is kept: about 0\.41 USD per hour, 302\.44 per month \(730 hours\); add --delete-cluster to delete it too\n.*Remove these members/,
    );
  });

  it('asks about the clusters too that are deleted', async () => {
    const left = await cli(fleet(), 'unjoin own --delete-cluster', { ...withLaptop, leaves: true });
    expect(left.stderr).toContain(
      'cancelled at the prompt: Remove these members and delete EKS cluster own in us-west-2',
    );
    expect(changes(left)).toEqual([]);
  });

  it('tells of several clusters that stay as several', async () => {
    const left = await cli(fleet(), 'unjoin own own-pull', { ...withLaptop, leaves: true });
    expect(left.stderr).toMatch(
      /^EKS clusters own in us-west-2, own-pull in us-west-2 are kept: .* to delete them too\n/,
    );
  });

  it('names the members when it is given another name', async () => {
    const asked = await cli(fleet(), 'unjoin own nobody --yes', withLaptop);
    expect(changes(asked)).toEqual([]);
    expect(said(asked)).toMatchInlineSnapshot(`
      "✖ no member of the fleet is named nobody
        next: the members are own, own-pull, adopted, adopted-pull, laptop
        code: invalid-value
      exit 2"
    `);
  });

  it('requires a member name', async () => {
    const asked = await cli(fleet(), 'unjoin --yes');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('expected <member>, got nothing');
  });

  it('says so when the Karmada API does not respond', async () => {
    const account = fleet();
    delete account.state.apis[`eks/${region}/karmada-parent`]?.objects['deployments/karmada-system/karmada-apiserver'];
    const refused = await cli(account, 'unjoin own --yes');
    expect(refused.stderr).toContain('the Karmada API of fleet karmada does not respond to this machine');
    expect(changes(refused)).toEqual([]);
  });

  it('works on a machine that never saw the fleet', async () => {
    const account = fleet();
    for (const path of Object.keys(account.state.files))
      if (path.startsWith(fleetFolder)) delete account.state.files[path];
    await succeed(
      account,
      `unjoin own own-pull laptop --yes --fleet karmada --region ${region} --trust-context laptop`,
      withLaptop,
    );
    expectNoTrace(account, ['own', 'own-pull', 'laptop']);
    expect(await memberNames(account)).toEqual(['adopted', 'adopted-pull']);
  });

  it('is known on other machines, by the description in the parent', async () => {
    const account = fleet();
    const files = Object.entries(account.state.files).filter(([path]) => path.startsWith(fleetFolder));
    await succeed(account, 'unjoin own adopted --yes', withLaptop);
    for (const [path, text] of files) account.state.files[path] = text;
    const again = await succeed(account, `up --region ${region} --yes`, withLaptop);
    expect(again.stdout).toContain('nothing to do');
    expect(await memberNames(account)).toEqual(['adopted-pull', 'laptop', 'own-pull']);
  });

  it('removes a member that somebody joined by hand, by the context of its name', async () => {
    const account = fleet();
    await succeed(account, 'unjoin laptop --yes', withLaptop);
    const { world } = connect(account, withLaptop);
    const args = [
      ...['join', 'laptop', '--karmada-context=karmada-apiserver', '--cluster-context=laptop'],
      `--kubeconfig=${fleetFolder}/kubeconfigs/karmada-apiserver.json`,
      `--cluster-kubeconfig=${laptopKubeconfig}`,
    ];
    await world.exec({ tool: 'kubectl-karmada', args, timeoutMs: 60_000, signal: new AbortController().signal });
    await succeed(account, 'status --wait');
    expect(await memberNames(account)).toContain('laptop');
    const silent = await cli(account, 'unjoin laptop --yes');
    expect(silent.stderr).toContain('your kubeconfig has no context laptop');
    await succeed(account, 'unjoin laptop --yes', withLaptop);
    expectNoTrace(account, ['laptop']);
  });
});

describe('unjoin --delete-cluster', () => {
  it('deletes the cluster that the fleet made, also of a member that left before', async () => {
    const account = fleet();
    await succeed(account, 'unjoin own --yes', withLaptop);
    await succeed(account, 'unjoin own own-pull --delete-cluster --yes', withLaptop);
    const left = resourceIds(account).filter((id) => /[ /-]own(-pull)?\b/.test(id));
    expect(left).toEqual([]);
    expect(await memberNames(account)).toEqual(['adopted', 'adopted-pull', 'laptop']);
    expect(said(await cli(account, 'unjoin own --yes', withLaptop))).toContain('no member of the fleet is named own');
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
  });

  it.each(['adopted', 'laptop'])('refuses %s, which the fleet did not make', async (name) => {
    const account = fleet();
    const refused = await cli(account, `unjoin ${name} --delete-cluster --yes`, withLaptop);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('code: cluster-not-ours');
    expect(changes(refused)).toEqual([]);
  });
});

describe('up --prune', () => {
  const fewer = `up --region ${region} --vpc main --yes --allow 203.0.113.10/32 --member name=own`;

  it('removes the members that are no longer in the configuration; without it they are only reported', async () => {
    const account = fleet();
    const told = await succeed(account, fewer, withLaptop);
    expect(told.stderr).toContain(
      'member laptop is no longer in the configuration; it is kept unless you use up --prune',
    );
    expect(await memberNames(account)).toEqual([...everybody].sort());
    const planned = await succeed(account, fewer.replace('up', 'plan').replace(' --yes', ''), withLaptop);
    expect(planned.stderr).toContain('member own-pull is no longer in the configuration; it is kept unless');
    const resources = lasting(account);
    expect((await succeed(account, `${fewer} --prune`, withLaptop)).stderr).not.toContain('it is kept');
    expectNoTrace(
      account,
      everybody.filter((name) => name !== 'own'),
    );
    expect(await memberNames(account)).toEqual(['own']);
    expect(lasting(account)).toEqual(resources);
    const again = await succeed(account, `${fewer} --prune`, withLaptop);
    expect(again.stdout).toContain('nothing to do');
    expect(again.stderr).not.toContain('no longer in the configuration');
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
  });

  it.runIf(triesMore)('is not offered for who has left, and nothing is lost with Karmada for them', async () => {
    const account = fleet();
    await succeed(account, 'unjoin own adopted laptop --yes', withLaptop);
    for (const words of [`up --region ${region} --yes`, `plan --region ${region}`]) {
      expect((await succeed(account, words, withLaptop)).stderr).not.toContain('no longer in the configuration');
    }
    const shown = await cli(account, 'down', { ...withLaptop, leaves: true });
    const karmada = shown.stdout.split('\n').find((line) => line.includes('Karmada control plane   of fleet'));
    expect(karmada).toMatchInlineSnapshot(
      `"delete   Karmada control plane   of fleet karmada in karmada-parent   ConfigMap default/canary, member adopted-pull, member own-pull   this fleet (tag and record of its installation)"`,
    );
    await succeed(account, down, withLaptop);
    expect(resourceIds(account)).toEqual(before);
  });

  it('asks once, for what is made and what is removed', async () => {
    const account = fleet();
    const refused = await cli(account, `${fewer.replace(' --yes', '')} --prune`, { ...withLaptop, leaves: true });
    expect(refused.stdout).toContain('push member laptop of Karmada');
    expect(changes(refused)).toEqual([]);
  });
});

describe('the parent as a member of its own Karmada', () => {
  it('is removed, and keeps its Karmada', async () => {
    const account = fleet();
    const namespaces = () =>
      objectsOf(account, `eks/${region}/karmada-parent`).filter((key) => /^namespaces.*karmada/.test(key));
    await succeed(account, 'join --cluster karmada-parent --name self --yes', withLaptop);
    expect(namespaces()).toEqual(['namespaces//karmada-system', 'namespaces//karmada-cluster']);
    await succeed(account, 'unjoin self --yes', withLaptop);
    expect(namespaces()).toEqual(['namespaces//karmada-system']);
    expect(await memberNames(account)).toEqual([...everybody].sort());
  });
});

describe('Karmada’s namespaces in a member', () => {
  /** Somebody keeps things in them. */
  function used(member: string): Account {
    const account = fleet();
    const api = account.state.apis[`eks/${region}/${member}`];
    if (api === undefined) throw new TypeError('no cluster');
    const put = (plural: string, namespace: string, name: string): void => {
      upsert(api, plural, { metadata: { name, namespace } }, account.now());
    };
    put('configmaps', 'karmada-cluster', 'dashboards');
    if (member.endsWith('-pull')) {
      put('secrets', 'karmada-system', 'vault-token');
      put('persistentvolumeclaims', 'karmada-system', 'archive');
    }
    return account;
  }

  const inThem = (account: Account, member: string): readonly string[] =>
    objectsOf(account, `eks/${region}/${member}`).filter((key) =>
      /[/](karmada-system|karmada-cluster)([/]|$)/.test(key),
    );

  const kept = {
    adopted: ['namespaces//karmada-cluster', 'configmaps/karmada-cluster/dashboards'],
    'adopted-pull': [
      'namespaces//karmada-cluster',
      'namespaces//karmada-system',
      'configmaps/karmada-cluster/dashboards',
      'secrets/karmada-system/vault-token',
      'persistentvolumeclaims/karmada-system/archive',
    ],
  };

  it.each(inThisRun(['adopted', 'adopted-pull'] as const))(
    'stay in %s with what others put there, and without Karmada',
    async (member) => {
      const account = used(member);
      await succeed(account, `unjoin ${member} --yes`, withLaptop);
      expect(inThem(account, member)).toEqual(kept[member]);
      // It can come back, and leaves as much when it goes again.
      const mode = member.endsWith('-pull') ? '--mode pull ' : '';
      await succeed(account, `join --cluster ${member} ${mode}--yes`, withLaptop);
      await succeed(account, `unjoin ${member} --yes`, withLaptop);
      expect(inThem(account, member)).toEqual(kept[member]);
      expect(await memberNames(account)).not.toContain(member);
    },
  );

  it('are reported before the question', async () => {
    const { stdout, stderr } = await cli(used('adopted-pull'), 'unjoin adopted-pull', { ...withLaptop, leaves: true });
    const told = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('stays in'));
    expect(told.join('\n')).toMatchInlineSnapshot(`""`);
  });
});
