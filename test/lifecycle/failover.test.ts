/** Failover: turned on and off by `up`, told by `status` and `doctor`, and shown by `demo --failover` with members of both modes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { builtIn, createObject, findObject } from '../../src/rehearsal/kube/api-server/store.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes`;
const three = '--member name=one --member name=two,mode=pull --member name=three';

let off = '';
let on = '';

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, `${up} ${three}`);
  off = snapshot(account);
  await succeed(account, `${up} --failover --failover-after 90s`);
  on = snapshot(account);
}, 120_000);

function karmadaOf({ state }: Account) {
  return state.apis[`karmada/${region}/karmada-parent`] ?? expect.unreachable('no Karmada');
}

/** The command of a component in the parent, or of the agent in a member. */
function commandIn({ state }: Account, cluster: string, name: string): readonly string[] {
  const api = state.apis[`eks/${region}/${cluster}`] ?? expect.unreachable(`no ${cluster}`);
  const found = findObject(api, 'deployments', 'karmada-system', name) as unknown as {
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { command: string[] }[] } } };
  };
  return found.spec.template.spec.containers[0]?.command ?? [];
}

/** What is in a member, as Karmada has it. */
function bindingOf(account: Account, kind: string, name: string, tolerations?: readonly object[]): void {
  const placement = tolerations === undefined ? {} : { clusterTolerations: tolerations };
  const spec = { resource: { kind, namespace: 'default', name }, clusters: [{ name: 'three' }], placement };
  const metadata = { name: `${name}-${kind.toLowerCase()}`, namespace: 'default' };
  createObject(karmadaOf(account), builtIn('resourcebindings'), { metadata, spec }, account.now());
}

/** The same of an object without a namespace. */
function clusterBindingOf(account: Account, kind: string, name: string): void {
  const spec = { resource: { kind, name }, clusters: [{ name: 'three' }], placement: {} };
  const metadata = { name: `${name}-${kind.toLowerCase()}` };
  createObject(karmadaOf(account), builtIn('clusterresourcebindings'), { metadata, spec }, account.now());
}

describe('up --failover', () => {
  it('sets the flags of both components and of the agents, and the policy, and nothing a second time', async () => {
    const account = restore(on);
    const manager = commandIn(account, 'karmada-parent', 'karmada-controller-manager');
    expect(manager).toEqual(
      expect.arrayContaining([
        '--feature-gates=Failover=true',
        '--enable-no-execute-taint-eviction=true',
        '--no-execute-taint-eviction-purge-mode=Gracefully',
        '--cluster-failure-threshold=90s',
        '--cluster-monitor-grace-period=90s',
        '--cluster-status-update-frequency=10s',
      ]),
    );
    expect(commandIn(account, 'karmada-parent', 'karmada-webhook')).toContain('--allow-no-execute-taint-policy=true');
    expect(commandIn(account, 'two', 'karmada-agent')).toContain('--cluster-failure-threshold=90s');
    expect(findObject(karmadaOf(account), 'clustertaintpolicies', '', 'karmada-eks-failover')?.['spec']).toEqual({
      addOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['True'] }],
      removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
      taints: [{ key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' }],
    });
    const again = await succeed(account, up);
    expect(again.stdout).toContain('nothing to do');
    expect(changes(again)).toEqual([]);
  });

  it('shows in its plan what it changes, and which workloads would start without their data', async () => {
    const account = restore(off);
    bindingOf(account, 'StatefulSet', 'db');
    clusterBindingOf(account, 'CustomResourceDefinition', 'orders.example.com');
    clusterBindingOf(account, 'ClusterRole', 'viewer');
    bindingOf(account, 'StatefulSet', 'kept', [{ key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' }]);
    const { stdout } = await succeed(account, `plan --failover -o json`);
    const { steps } = JSON.parse(stdout) as { steps: readonly { id: string; changes: readonly string[] }[] };
    expect(steps.find(({ id }) => id === 'enable-failover')?.changes).toEqual([
      'karmada-controller-manager, karmada-webhook: failover after 5m',
      'ClusterTaintPolicy karmada-eks-failover',
      'workloads with data start elsewhere without it, unless their policy tolerates the taint',
      'moves without its data, which is deleted when the member is back: StatefulSet default/db',
      'moves without its data, which is deleted when the member is back: CustomResourceDefinition orders.example.com (all objects of its type are deleted with it)',
    ]);
  });

  it('puts back what somebody changed, and takes another time', async () => {
    const account = restore(on);
    const karmada = karmadaOf(account);
    delete karmada.objects['clustertaintpolicies//karmada-eks-failover'];
    expect((await cli(account, 'status')).stdout).toContain(
      'failover is not complete: ClusterTaintPolicy karmada-eks-failover is absent; to repair it: karmada-eks up --failover --fleet karmada --region us-west-2',
    );
    await succeed(account, `${up} --failover-after 2m`);
    expect(commandIn(account, 'karmada-parent', 'karmada-controller-manager')).toContain(
      '--cluster-failure-threshold=2m',
    );
    expect(findObject(karmada, 'clustertaintpolicies', '', 'karmada-eks-failover')).toBeDefined();
    expect((await succeed(account, 'status')).stdout).toContain(
      'failover is on: workloads move away from a member that is silent for 2m',
    );
  });

  it('asks before what runs in a member that is not Ready moves at once', async () => {
    const account = restore(off);
    clusterBindingOf(account, 'ClusterRole', 'viewer');
    const member = account.state.apis[`eks/${region}/three`] ?? expect.unreachable('no member');
    member.reachable = false;
    await cli(account, 'status', { alone: true });
    await account.clock.sleep(120_000, new AbortController().signal);
    await cli(account, 'status', { alone: true });
    member.reachable = true;
    const { code, stdout, stderr } = await cli(account, `${up} --failover`);
    expect(code).not.toBe(0);
    expect(stdout).toContain('ClusterRole viewer');
    expect(stderr).toContain('this would replace workloads of member three; nothing was changed');
    expect(stderr).toContain('to agree, add --move-workloads');
  });

  describe('with a push member that is silent, but Ready until its wait is over', () => {
    async function silent(before: (account: Account) => void = () => undefined): Promise<Account> {
      const account = restore(on);
      before(account);
      bindingOf(account, 'ConfigMap', 'web');
      (account.state.apis[`eks/${region}/three`] ?? expect.unreachable('no member')).reachable = false;
      await cli(account, 'status', { alone: true });
      await account.clock.sleep(10_000, new AbortController().signal);
      return account;
    }
    const readyOf = (account: Account): unknown => {
      const found = findObject(karmadaOf(account), 'clusters', '', 'three') as unknown as {
        readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
      };
      return found.status.conditions.find(({ type }) => type === 'Ready')?.status;
    };
    const manager = (account: Account) =>
      findObject(
        account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent'),
        'deployments',
        'karmada-system',
        'karmada-controller-manager',
      ) as unknown as {
        spec: { template: { spec: { containers: { command: string[] }[]; topologySpreadConstraints?: unknown } } };
      };

    it('asks before another time restarts the controller manager', async () => {
      const account = await silent();
      expect(readyOf(account)).toBe('True');
      const refused = await cli(account, `${up} --failover-after 1h`);
      expect(refused.stdout).toContain(
        'ConfigMap default/web   the member does not respond, and karmada-controller-manager restarts without waiting for it: they move to other members at once',
      );
      expect(refused.stderr).toContain('this would replace workloads of member three; nothing was changed');
      expect(changes(refused)).toEqual([]);
      expect(readyOf(account)).toBe('True');
    });

    it('asks before hardening restarts it while a killed demo has made the member silent', async () => {
      const account = restore(on);
      bindingOf(account, 'ConfigMap', 'web');
      delete manager(account).spec.template.spec.topologySpreadConstraints;
      await cli(account, 'demo --failover --move-workloads', { killAfterMs: 45_000 });
      expect(readyOf(account)).toBe('True');
      const refused = await cli(account, up);
      expect(refused.stdout).toContain('not spread over zones: karmada-controller-manager');
      expect(refused.stdout).toContain('ConfigMap default/web   the member does not respond, and');
      expect(refused.stderr).toContain('this would replace workloads of member three; nothing was changed');
      expect(changes(refused)).toEqual([]);
    });

    it('which believes its first probe', async () => {
      const account = await silent();
      manager(account).spec.template.spec.containers[0]?.command.push('--v=4');
      await cli(account, 'status', { alone: true });
      expect(readyOf(account)).toBe('False');
    });
  });

  it('is turned off by the configuration, with the taints that it left', async () => {
    const account = restore(on);
    const cluster = findObject(karmadaOf(account), 'clusters', '', 'one') ?? expect.unreachable('no one');
    const taint = { key: 'cluster.karmada.io/not-ready', effect: 'NoExecute', timeAdded: '2026-11-22T00:00:00Z' };
    cluster['spec'] = { ...(cluster['spec'] as object), taints: [taint, { key: 'mine', effect: 'NoExecute' }] };
    await succeed(account, up, { vars: { KARMADA_EKS_FAILOVER: 'no' } });
    const manager = commandIn(account, 'karmada-parent', 'karmada-controller-manager').join(' ');
    expect(manager).not.toMatch(/feature-gates|no-execute|threshold|grace-period/);
    expect(commandIn(account, 'karmada-parent', 'karmada-webhook').join(' ')).not.toContain('no-execute');
    expect(findObject(karmadaOf(account), 'clustertaintpolicies', '', 'karmada-eks-failover')).toBeUndefined();
    expect(findObject(karmadaOf(account), 'clusters', '', 'one')?.['spec']).toMatchObject({
      taints: [{ key: 'mine', effect: 'NoExecute' }],
    });
    expect((await succeed(account, up)).stdout).toContain('nothing to do');
  });

  it('is turned off whole after a run that was killed while it turned it on', async () => {
    const whole = await cli(restore(off), `${up} --failover`);
    const index = whole.commands.findIndex(({ key }) => /patch.*karmada-controller-manager/.test(key));
    expect(index).toBeGreaterThan(0);
    const account = restore(off);
    expect((await cli(account, `${up} --failover`, { killAfterCommand: index + 1 })).code).toBe('killed');
    await succeed(account, up, { vars: { KARMADA_EKS_FAILOVER: 'no' } });
    const manager = commandIn(account, 'karmada-parent', 'karmada-controller-manager').join(' ');
    expect(manager).not.toMatch(/feature-gates|no-execute|threshold|grace-period/);
    expect((await succeed(account, 'status')).stdout).toContain('failover is off');
  });

  it.each([
    [
      '--failover --failover-after 10s',
      '--failover-after: expected a duration from 30s to 24h, such as 90s or 5m (got "10s")',
    ],
    ['--failover-after 1m', '--failover-after requires --failover'],
  ])('refuses %s', async (words, message) => {
    const { code, stderr } = await cli(newMachine(), `${up} ${three} ${words}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('status and doctor', () => {
  it('tell that nothing moves without failover', async () => {
    const account = restore(off);
    const told = 'failover is off: when a member is lost, nothing moves';
    expect((await succeed(account, 'status')).stdout).toContain(
      `${told}; to turn it on: karmada-eks up --failover --fleet karmada --region us-west-2`,
    );
    expect((await succeed(account, `doctor --region ${region} --vpc main`)).stdout).toContain(told);
  });

  it('doctor warns of workloads with data', async () => {
    const account = restore(on);
    bindingOf(account, 'PersistentVolumeClaim', 'data');
    const { stdout } = await succeed(account, `doctor --region ${region} --vpc main`);
    expect(stdout).toContain('failover is on: after 90s');
    expect(stdout).toContain('failover moves workloads with data, but not their data');
    expect(stdout).toContain('PersistentVolumeClaim default/data (its volume is deleted with it)');
  });
});

describe('demo --failover', () => {
  it.each([
    ['three', '6/6/6', '6/6/0'],
    ['two', '4/3/8', '4/0/8'],
  ])('shows how the replicas of %s move, and brings it back', async (name, silent, after) => {
    const account = restore(on);
    const before = JSON.stringify(findObject(karmadaOf(account), 'clusters', '', name)?.['spec']);
    const { stdout, stderr } = await succeed(account, `demo --failover --move-workloads --member ${name}`);
    expect(stderr).toMatch(new RegExp(`note: .*Karmada calls ${name} not Ready after 1[0-2]\\d s`));
    expect(stdout).toMatch(new RegExp(`Karmada calls ${name} not Ready +1[0-2]\\d s`));
    expect(stdout).toMatch(/its replicas are assigned to other members +1[0-2]\d s/);
    expect(stdout).toMatch(/all 12 replicas run elsewhere +1[0-4]\d s/);
    expect(stdout).toContain(`${name} went on running its own replicas while it was silent: ${silent}`);
    expect(stdout).toContain(`Karmada deleted them when it was back, and moves nothing back by itself: ${after}`);
    const cluster = findObject(karmadaOf(account), 'clusters', '', name);
    expect(JSON.stringify(cluster?.['spec'])).toBe(before);
    expect(cluster?.metadata.annotations ?? {}).toEqual({});
    expect(findObject(karmadaOf(account), 'deployments', 'default', 'karmada-eks-demo')).toBeUndefined();
    expect((await succeed(account, up)).stdout).toContain('nothing to do');
  });

  it('refuses a member whose data would be deleted at its return, whatever was agreed to', async () => {
    const account = restore(on);
    bindingOf(account, 'PersistentVolumeClaim', 'data');
    const timed = [{ key: 'cluster.karmada.io/not-ready', effect: 'NoExecute', tolerationSeconds: 3600 }];
    bindingOf(account, 'StatefulSet', 'db', timed);
    bindingOf(account, 'StatefulSet', 'else', [{ key: 'cluster.karmada.io/not-ready', value: 'x' }]);
    clusterBindingOf(account, 'CustomResourceDefinition', 'orders.example.com');
    const refused = await cli(account, 'demo --failover --move-workloads');
    expect(refused.code).toBe(8);
    expect(changes(refused)).toEqual([]);
    expect(refused.stderr).toContain(
      'three holds data that Karmada would delete there after moving what it belongs to: PersistentVolumeClaim default/data (its volume is deleted with it), StatefulSet default/db, StatefulSet default/else, CustomResourceDefinition orders.example.com (all objects of its type are deleted with it)',
    );
    await succeed(account, 'demo --failover --move-workloads --member one');
  });

  it('names what else Karmada would move, and moves none of it without consent', async () => {
    const account = restore(on);
    const lasting = [{ key: 'cluster.karmada.io/not-ready', operator: 'Exists', effect: 'NoExecute' }];
    bindingOf(account, 'ConfigMap', 'shop');
    bindingOf(account, 'StatefulSet', 'kept', lasting);
    const only = { resource: { kind: 'Deployment', namespace: 'default', name: 'web' }, clusters: [{ name: 'three' }] };
    const spec = { ...only, placement: { clusterAffinity: { clusterNames: ['three'] } } };
    const metadata = { name: 'web-deployment', namespace: 'default' };
    createObject(karmadaOf(account), builtIn('resourcebindings'), { metadata, spec }, account.now());
    createObject(karmadaOf(account), builtIn('deployments'), { metadata: { ...metadata, name: 'web' } }, account.now());
    const { code, stdout, stderr } = await cli(account, 'demo --failover');
    expect(code).not.toBe(0);
    expect(stdout).toContain('ConfigMap default/shop, Deployment default/web (its policy allows no other member)');
    expect(stdout).not.toContain('default/kept');
    expect(stderr).toContain('this would interrupt member three; nothing was changed');
    expect(stderr).toContain('to agree, add --move-workloads');
  });

  it.each([
    [off, 'demo --failover', 'failover is off in fleet karmada: when a member is lost, nothing moves'],
    [on, 'demo --failover --member none', '--member: fleet karmada has no member none'],
    [on, 'demo --member one', '--member requires --failover'],
  ])('refuses where it cannot show anything (%#)', async (_, words, message) => {
    const { code, stderr } = await cli(restore(words === 'demo --failover' ? off : on), words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('is no demo of failover because the fleet has it by variable', async () => {
    const { stdout } = await succeed(restore(on), 'demo', { vars: { KARMADA_EKS_FAILOVER: 'true' } });
    expect(stdout).toContain('nginx is divided 3/3/6');
  });

  it.each([2, 12])('brings the member back though %i reads in a row fail', async (times) => {
    const account = restore(on);
    const message = 'Unable to connect to the server: dial tcp: lookup one: no such host';
    const call = 'exec kubectl get deployments karmada-eks-demo*one';
    const faults = [{ call, kind: 'fail', skip: 40, times, message }] as const;
    const { stdout, stderr } = await cli(account, 'demo --failover --move-workloads --member two', { faults });
    const cluster = findObject(karmadaOf(account), 'clusters', '', 'two');
    expect(stderr).toContain('not seen, trying again: ');
    expect(cluster?.metadata.annotations ?? {}).toEqual({});
    expect(stdout).toContain(times === 2 ? 'two went on running its own replicas' : '');
  });

  it('tells how to bring the member back when that fails', async () => {
    const faults = [
      { call: 'exec kubectl patch clusters*three*', kind: 'fail', skip: 1, times: 99, message: 'no' },
    ] as const;
    const { stderr } = await cli(restore(on), 'demo --failover --move-workloads', { faults });
    expect(stderr).toContain(
      'three may still be silent; to bring it back: karmada-eks demo --remove --fleet karmada --region us-west-2',
    );
  });

  it('tells how to join a member again of which nobody knows where Karmada reached it', async () => {
    const account = restore(on);
    const cluster = findObject(karmadaOf(account), 'clusters', '', 'one') ?? expect.unreachable('no member');
    cluster.metadata.annotations = { 'karmada-eks/silenced': 'not JSON' };
    const { stderr } = await cli(account, 'demo --remove');
    expect(stderr).toContain('where Karmada reaches member one is unknown');
    expect(stderr).toContain(
      'remove it and join it again: karmada-eks unjoin one --fleet karmada --region us-west-2, then karmada-eks join --fleet karmada --region us-west-2',
    );
  });

  it.runIf(triesMore)('leaves a silent pull member that is lost to unjoin --force', async () => {
    const account = restore(on);
    await cli(account, 'demo --failover --move-workloads --member two', { killAfterMs: 60_000 });
    (account.state.apis[`eks/${region}/two`] ?? expect.unreachable('no member')).reachable = false;
    await cli(account, 'status', { alone: true });
    await account.clock.sleep(900_000, new AbortController().signal);
    await cli(account, 'status', { alone: true });
    await succeed(account, 'unjoin two --yes --force --remove-workloads');
    expect(findObject(karmadaOf(account), 'clusters', '', 'two')).toBeUndefined();
  });

  it.each(['three', 'two'])('leaves %s to be brought back when it is killed', async (name) => {
    const account = restore(on);
    const killed = await cli(account, `demo --failover --move-workloads --member ${name}`, { killAfterMs: 60_000 });
    expect(killed.code).toBe('killed');
    const { stdout } = await cli(account, 'status');
    expect(stdout).toMatch(
      new RegExp(
        `a demo made ${name} silent at 20\\S+; to bring it back: karmada-eks demo --remove --fleet karmada --region us-west-2`,
      ),
    );
    const silent = snapshot(account);
    await succeed(account, 'demo --remove');
    expect((await succeed(account, 'status')).stdout).toContain('fleet karmada in us-west-2: Ready');
    expect(findObject(karmadaOf(account), 'deployments', 'default', 'karmada-eks-demo')).toBeUndefined();
    // `up` brings it back as well, and leaves the demo.
    const repaired = restore(silent);
    await repaired.clock.sleep(600_000, new AbortController().signal);
    await succeed(repaired, up);
    expect((await succeed(repaired, 'status')).stdout).toContain('fleet karmada in us-west-2: Ready');
  });
});

describe('a member that is lost', () => {
  async function lose(text: string): Promise<string> {
    const account = restore(text);
    await succeed(account, 'demo --keep');
    const member = account.state.apis[`eks/${region}/three`] ?? expect.unreachable('no member');
    member.reachable = false;
    await cli(account, 'status', { alone: true });
    await account.clock.sleep(200_000, new AbortController().signal);
    await cli(account, 'status', { alone: true });
    const { spec } = findObject(
      karmadaOf(account),
      'resourcebindings',
      'default',
      'karmada-eks-demo-deployment',
    ) as unknown as {
      readonly spec: { readonly clusters: readonly { readonly name: string; readonly replicas: number }[] };
    };
    return spec.clusters
      .map(({ name, replicas }) => `${name} ${replicas}`)
      .sort()
      .join(', ');
  }

  it('keeps its replicas without failover', async () => {
    expect(await lose(off)).toBe('one 3, three 6, two 3');
  });

  it('loses them with it', async () => {
    expect(await lose(on)).toBe('one 6, two 6');
  });
});
