/** A Karmada that can be rolled, drained and moved: a new one from the beginning, an older one by the next `up`. */
import { describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { settleApis } from '../../src/rehearsal/kube/api.js';
import {
  builtIn,
  createObject,
  dropObject,
  findObject,
  listObjects,
  upsert,
} from '../../src/rehearsal/kube/api-server/store.js';
import { isReady } from '../../src/rehearsal/kube/controllers/scheduling.js';
import { deployment, etcdStatefulSet } from '../../src/rehearsal/kube/karmada/components.js';
import { notes } from '../../src/rehearsal/kube/tick.js';
import type { ApiState, KubeObjectState } from '../../src/rehearsal/state.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const namespace = 'karmada-system';
const single = [
  'karmada-aggregated-apiserver',
  'kube-controller-manager',
  'karmada-controller-manager',
  'karmada-scheduler',
  'karmada-webhook',
];

function parent(account: Account): ApiState {
  return account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
}

function workload(account: Account, kind: string, name: string): KubeObjectState {
  return findObject(parent(account), kind, namespace, name) ?? expect.unreachable(`no ${name}`);
}

function budgets(account: Account): readonly string[] {
  return listObjects(parent(account), 'poddisruptionbudgets', namespace).map(({ metadata }) => metadata.name);
}

/** The control plane as `init` leaves it by itself, and with all its pods ready. */
async function olderFleet(nodes?: (api: ApiState) => void): Promise<Account> {
  const account = fleet();
  const api = parent(account);
  for (const budget of listObjects(api, 'poddisruptionbudgets', namespace))
    dropObject(api, 'poddisruptionbudgets', budget);
  const now = account.now();
  for (const name of single) upsert(api, 'deployments', deployment(name, 1), now);
  upsert(api, 'deployments', deployment('karmada-apiserver', 3), now);
  const { spec } = etcdStatefulSet(3, 'ebs-sc') as { spec: object };
  const set = { ...etcdStatefulSet(3, 'ebs-sc'), spec: { ...spec, podManagementPolicy: 'Parallel' } };
  upsert(api, 'statefulsets', set, now);
  nodes?.(api);
  for (let seconds = 0; seconds < 300; seconds += 10) {
    await account.clock.sleep(10_000);
    settleApis(account);
  }
  return restore(snapshot(account));
}

/** An account with a cluster that the fleet takes as its parent. */
function adoptable(): Account {
  const account = newMachine();
  const { vpcs, subnets } = account.region(region);
  const vpcId = vpcs[0]?.id ?? '';
  const subnetIds = subnets.filter((subnet) => subnet.vpcId === vpcId).map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId, subnetIds });
  return account;
}

/** The fewest ready pods that a component had at any moment of a run. */
async function fewest(
  account: Account,
  words: string,
): Promise<{ readonly ended: Ended; readonly ready: Record<string, number> }> {
  const ready: Record<string, number> = {};
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const name of ['etcd', 'karmada-apiserver', ...single]) {
        const pods = listObjects(parent(account), 'pods', namespace).filter(
          ({ metadata }) => metadata.labels?.['app'] === name,
        );
        ready[name] = Math.min(ready[name] ?? Number.POSITIVE_INFINITY, pods.filter(isReady).length);
      }
      await account.clock.sleep(500, over.signal);
    }
  })();
  const ended = await succeed(account, words);
  over.abort();
  await watching;
  return { ended, ready };
}

describe('a new fleet', () => {
  it('has two of what is not three, a budget for each component, and no rollout after init', () => {
    const account = fleet();
    for (const name of single) expect(workload(account, 'deployments', name)).toMatchObject({ spec: { replicas: 2 } });
    expect(budgets(account)).toEqual(['etcd', 'karmada-apiserver', ...single].sort());
    const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    for (const name of ['karmada-apiserver', ...single])
      expect(workload(account, 'deployments', name)).toMatchObject({ spec: { strategy } });
  });

  it('has etcd one per node, and API servers that are probed and drained in time', () => {
    const account = fleet();
    const apart = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }] };
    const etcd = workload(account, 'statefulsets', 'etcd');
    expect(etcd).toMatchObject({ spec: { template: { spec: { affinity: { podAntiAffinity: apart } } } } });
    const container = { lifecycle: { preStop: { sleep: { seconds: 10 } } }, readinessProbe: { periodSeconds: 5 } };
    const server = workload(account, 'deployments', 'karmada-apiserver');
    expect(server).toMatchObject({ spec: { template: { spec: { containers: [container] } } } });
  });
});

describe('an older fleet', () => {
  it('is brought up to date by up, which tells what it does and needs no consent', async () => {
    const account = await olderFleet();
    const { stdout } = await succeed(account, 'plan --details');
    const row = stdout.split('\n').find((line) => /prepare Karmada.*<1 /.test(line));
    expect(row?.replace(/^.*<1 +/, '').replaceAll('; ', '\n')).toMatchInlineSnapshot(`
      "PodDisruptionBudgets: 0 of 7
      members may share a node: etcd
      not spread over zones: all components
      no requests: all components
      rollout strategy: all components but etcd
      stays on a lost node: all components but etcd
      ends before its clients: karmada-apiserver, karmada-aggregated-apiserver, karmada-webhook
      probed every 30 s: karmada-apiserver
      1 of 2 replicas: karmada-aggregated-apiserver, kube-controller-manager, karmada-controller-manager, karmada-scheduler, karmada-webhook
      probed every 10 s: karmada-webhook
      pods are replaced one after the other
      the Karmada API stays available"
    `);
    const { ready } = await fewest(account, 'up --yes');
    expect(ready).toMatchObject({ etcd: 2, 'karmada-apiserver': 2, 'karmada-webhook': 1, 'karmada-scheduler': 1 });
    expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
    await readyStatus(account);
  });

  it.runIf(triesMore)(
    'continues after a kill at every command',
    async () => {
      const older = snapshot(await olderFleet());
      const { commands } = await succeed(restore(older), 'up --yes');
      await passAll('hardening killed after command', 5, upTo(commands.length), async (killAfterCommand) => {
        const account = restore(older);
        await cli(account, 'up --yes', { killAfterCommand });
        await succeed(account, 'up --yes');
        expect(workload(account, 'statefulsets', 'etcd')).toMatchObject({
          spec: { updateStrategy: { rollingUpdate: { partition: 0 } } },
        });
        expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
      });
    },
    300_000,
  );

  it('takes a budget of somebody else for what its expressions select, and for nothing else', async () => {
    const held = (app: string) => [
      { key: 'app', operator: 'In', values: [app] },
      { key: 'app', operator: 'NotIn', values: ['another'] },
      { key: 'app', operator: 'Exists' },
      { key: 'another', operator: 'DoesNotExist' },
    ];
    const broken = [
      { key: 'app', operator: 'In', values: ['another'] },
      { key: 'app', operator: 'NotIn', values: ['karmada-scheduler'] },
      { key: 'another', operator: 'Exists' },
      { key: 'app', operator: 'DoesNotExist' },
    ];
    const selectors = [
      { matchExpressions: held('karmada-webhook') },
      ...broken.map((each) => ({ matchLabels: { app: 'karmada-scheduler' }, matchExpressions: [each] })),
    ];
    const account = await olderFleet((api) => {
      for (const [index, selector] of selectors.entries()) {
        const manifest = { metadata: { name: `theirs-${index}`, namespace }, spec: { minAvailable: 1, selector } };
        createObject(api, builtIn('poddisruptionbudgets'), manifest, 0);
      }
    });
    await succeed(account, 'up --yes');
    const ours = budgets(account).filter((name) => !name.startsWith('theirs'));
    expect(ours).toEqual(['etcd', 'karmada-apiserver', ...single].filter((name) => name !== 'karmada-webhook').sort());
  });

  it('keeps what somebody changed on purpose: replicas, requests, tolerations, budgets', async () => {
    const account = await olderFleet((api) => {
      const webhook = deployment('karmada-webhook', 3) as { spec: { template: { spec: { containers: object[] } } } };
      const [container] = webhook.spec.template.spec.containers;
      const own = { key: 'dedicated', operator: 'Exists', effect: 'NoExecute' };
      Object.assign(container ?? {}, { resources: { requests: { cpu: '2' } } });
      Object.assign(webhook.spec.template.spec, { tolerations: [own] });
      upsert(api, 'deployments', webhook, 0);
      const selector = { matchLabels: { app: 'karmada-webhook' } };
      createObject(
        api,
        builtIn('poddisruptionbudgets'),
        { metadata: { name: 'mine', namespace }, spec: { minAvailable: 1, selector } },
        0,
      );
    });
    await succeed(account, 'up --yes');
    expect(budgets(account)).toEqual(['etcd', 'karmada-apiserver', ...single.slice(0, 4), 'mine'].sort());
    expect(workload(account, 'deployments', 'karmada-webhook')).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: {
            tolerations: [
              { key: 'node.kubernetes.io/not-ready', tolerationSeconds: 60 },
              { key: 'node.kubernetes.io/unreachable', tolerationSeconds: 60 },
              { key: 'dedicated' },
            ],
            containers: [{ resources: { requests: { cpu: '2', memory: '128Mi' } } }],
          },
        },
      },
    });
  });

  it.runIf(triesMore)('lets members of etcd share a node where a zone has more of them than nodes', async () => {
    const account = await olderFleet();
    const api = parent(account);
    // All three volumes came into being in the zone of the first node.
    const [first] = listObjects(api, 'nodes', '');
    for (const volume of listObjects(api, 'persistentvolumes', ''))
      notes(volume)['zone'] = first?.metadata.labels?.['topology.kubernetes.io/zone'];
    for (const pod of listObjects(api, 'pods', namespace).filter(
      ({ metadata }) => metadata.labels?.['app'] === 'etcd',
    )) {
      notes(pod)['node'] = first?.metadata.name;
      Object.assign(pod['spec'] as object, { nodeName: first?.metadata.name });
    }
    await succeed(account, 'up --yes');
    const { spec } = workload(account, 'statefulsets', 'etcd') as unknown as {
      spec: { template: { spec: { affinity: { podAntiAffinity: object } } } };
    };
    expect(Object.keys(spec.template.spec.affinity.podAntiAffinity)).toEqual([
      'preferredDuringSchedulingIgnoredDuringExecution',
    ]);
    expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  });
});

/** Of a kind that only `init`'s toleration of everything covers. */
function taint(api: ApiState, effect: string, count: number): void {
  for (const node of listObjects(api, 'nodes', '').slice(0, count))
    Object.assign(node['spec'] as object, { taints: [{ key: 'dedicated', value: 'karmada', effect }] });
}

describe('nodes with taints', () => {
  it.runIf(triesMore)('that keep pods away do not count: etcd may share', async () => {
    const account = await olderFleet();
    taint(parent(account), 'NoSchedule', 1);
    // What the account began before it had the taint does not end: only the form of etcd counts here.
    await cli(account, 'up --yes');
    const { spec } = workload(account, 'statefulsets', 'etcd') as unknown as {
      spec: { template: { spec: { affinity: { podAntiAffinity: object } } } };
    };
    expect(Object.keys(spec.template.spec.affinity.podAntiAffinity)).toEqual([
      'preferredDuringSchedulingIgnoredDuringExecution',
    ]);
  });

  it.runIf(triesMore)('that only the toleration of everything covers keep it, after those for lost nodes', async () => {
    const account = await olderFleet((api) => {
      const etcd = findObject(api, 'statefulsets', namespace, 'etcd') as unknown as {
        spec: { template: { spec: object } };
      };
      Object.assign(etcd.spec.template.spec, { tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] });
    });
    taint(parent(account), 'NoExecute', 3);
    await succeed(account, 'up --yes');
    expect(workload(account, 'deployments', 'karmada-webhook')).toMatchObject({
      spec: {
        template: {
          spec: {
            tolerations: [
              { key: 'node.kubernetes.io/not-ready', tolerationSeconds: 60 },
              { key: 'node.kubernetes.io/unreachable', tolerationSeconds: 60 },
              { effect: 'NoExecute', operator: 'Exists' },
            ],
          },
        },
      },
    });
    expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  });
});

describe('what somebody decided', () => {
  it('a component that was scaled to 0 is not started, and told of', async () => {
    const account = fleet();
    const scheduler = workload(account, 'deployments', 'karmada-scheduler');
    Object.assign(scheduler['spec'] as object, { replicas: 0 });
    await account.clock.sleep(30_000);
    settleApis(account);
    const { stderr } = await succeed(account, smallUp);
    expect(stderr).toContain(
      'drift: karmada-scheduler has 0 replicas; start it: kubectl -n karmada-system scale deployment karmada-scheduler --replicas 2',
    );
    expect(workload(account, 'deployments', 'karmada-scheduler')).toMatchObject({ spec: { replicas: 0 } });
  });

  it.runIf(triesMore)('a budget whose selector has expressions is not doubled', async () => {
    const account = await olderFleet((api) => {
      const matchExpressions = [{ key: 'app', operator: 'In', values: ['etcd', 'karmada-apiserver'] }];
      const platform = { metadata: { name: 'platform', namespace }, spec: { selector: { matchExpressions } } };
      createObject(api, builtIn('poddisruptionbudgets'), platform, 0);
    });
    await succeed(account, 'up --yes');
    expect(budgets(account)).toEqual([...single, 'platform'].sort());
  });
});

describe('in a parent that is kept', () => {
  it.runIf(triesMore)('down takes the budgets of the fleet, and those of nobody else', async () => {
    const account = adoptable();
    await succeed(account, `${smallUp} --use-existing`);
    const others = {
      metadata: { name: 'somebodys', namespace },
      spec: { selector: { matchLabels: { app: 'other' } } },
    };
    createObject(parent(account), builtIn('poddisruptionbudgets'), others, 0);
    expect(budgets(account)).toHaveLength(8);
    await succeed(account, down);
    expect(budgets(account)).toEqual(['somebodys']);
  });

  it.runIf(triesMore)('down that was killed before it took them takes them the next time', async () => {
    const account = adoptable();
    await succeed(account, `${smallUp} --use-existing`);
    const { commands } = await succeed(restore(snapshot(account)), down);
    const last = commands.findLastIndex(({ key }) => key.startsWith('exec kubectl delete persistentvolumeclaims'));
    await cli(account, down, { killAfterCommand: last + 1 });
    expect(budgets(account)).toHaveLength(7);
    await succeed(account, down);
    expect(budgets(account)).toEqual([]);
  });
});

describe('a pod that cannot run', () => {
  const pending = {
    kind: 'component-unavailable',
    component: 'karmada-webhook',
    reason: 'Unschedulable',
    times: 1,
  } as const;

  it.runIf(triesMore)('keeps hardening from its end, and nothing else from being repaired or joined', async () => {
    const account = await olderFleet();
    account.state.conditions.push(pending);
    notes(workload(account, 'deployments', 'karmada-webhook'))['unavailable'] = 'Unschedulable';
    for (const words of [smallUp, `${smallUp} --member name=three`]) {
      const ended = await cli(account, words);
      expect(ended.code).toBe(4);
      const failed = ended.events.flatMap((event) => (event.type === 'step-failed' ? [event.id] : []));
      expect(failed).toEqual(['harden-karmada']);
      expect(ended.stderr).toContain('did not become complete within 10 minutes');
      expect(ended.stderr).not.toContain('init reported success');
    }
    expect((await cli(account, 'status')).stdout).toMatch(/three.*Ready/);
    const { stdout } = await cli(account, 'plan --details');
    expect(stdout).toMatch(/install Karmada .*done/);
    expect(stdout).toMatch(/to finish .*karmada-webhook: 1 of 2 ready/);
    account.state.conditions = [];
    await succeed(account, smallUp);
    await readyStatus(account);
  });

  it('and is the only one of its component is waited for, and told as it is', async () => {
    const account = await olderFleet();
    account.state.conditions.push(pending);
    const webhook = workload(account, 'deployments', 'karmada-webhook');
    notes(webhook)['unavailable'] = 'Unschedulable';
    for (const pod of listObjects(parent(account), 'pods', namespace))
      if (pod.metadata.labels?.['app'] === 'karmada-webhook') dropObject(parent(account), 'pods', pod);
    await account.clock.sleep(10_000);
    settleApis(account);
    const ended = await cli(account, smallUp);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain(
      'the Karmada control plane in karmada-parent does not work: a component has no ready pod, or etcd no quorum',
    );
  });
});
