/** `status`: the fleet as it is drawn and told, whole and in its failures. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Condition } from '../../../src/rehearsal/state.js';
import { cli, type RunOptions } from '../../lifecycle/cli.js';
import { newMachine, smallUp, succeed } from '../../lifecycle/fleet.js';
import { lostMember, readyFleet, withoutHash } from './machines.js';

const narrow: RunOptions = { columns: 40, vars: { NO_COLOR: '1' } };
const usual: RunOptions = { columns: 80, vars: { NO_COLOR: '1' } };

async function shown(account: Parameters<typeof cli>[0], words: string, options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await cli(account, words, options);
  return `${withoutHash(stdout)}${withoutHash(stderr)}exit ${code}`;
}

it('draws a fleet that is Ready', async () => {
  expect(await shown(await readyFleet(), 'status', usual)).toMatchInlineSnapshot(`
    "fleet karmada in us-west-2: Ready

    ✔ Karmada API
    │   https://lb.elb.us-west-2.amazonaws.com:32443
    │   open to 192.0.2.10/32, 198.51.100.1/32 · this machine is 192.0.2.10
    ▼
    ✔ karmada-parent
    │   control plane · Karmada 1.18.2 · us-west-2 · 1.35 · 3/3 nodes
    │   all 7 components ready
    │
    ├─push─▶ ✔ one   Ready · us-west-2 · 1.35 · 3/3 nodes
    └◀─pull─ ✔ two   Ready · us-west-2 · 1.35 · 3/3 nodes · agent 1.18.2

    kubectl-karmada 1.18.2 on this machine
    failover is off: when a member is lost, nothing moves; to turn it on:
    karmada-eks up --failover --fleet karmada --region us-west-2
    certificates expire on 2027-11-22, the CA on 2036-11-19
    what is there costs about 1.28 USD per hour, 935.89 per month (730 hours)
    exit 0"
  `);
});

it('draws it on 40 columns', async () => {
  const text = await shown(await readyFleet(), 'status', narrow);
  expect(text).toMatchInlineSnapshot(`
    "fleet karmada in us-west-2: Ready

    ✔ Karmada API
    │   https://lb.elb.us-west-2.amazonaws.com:32443
    │   open to 192.0.2.10/32,
    │   198.51.100.1/32
    │   this machine is 192.0.2.10
    ▼
    ✔ karmada-parent
    │   control plane · Karmada 1.18.2
    │   us-west-2 · 1.35 · 3/3 nodes
    │   all 7 components ready
    │
    ├─push─▶ ✔ one
    │          Ready · us-west-2 · 1.35
    │          3/3 nodes
    └◀─pull─ ✔ two
               Ready · us-west-2 · 1.35
               3/3 nodes · agent 1.18.2

    kubectl-karmada 1.18.2 on this machine
    failover is off: when a member is lost,
    nothing moves; to turn it on:
    karmada-eks up --failover --fleet
    karmada --region us-west-2
    certificates expire on 2027-11-22, the
    CA on 2036-11-19
    what is there costs about 1.28 USD per
    hour, 935.89 per month (730 hours)
    exit 0"
  `);
  const tooLong = text.split('\n').filter((line) => [...line].length > 40 && !line.includes('https://'));
  expect(tooLong).toEqual([]);
});

it('gives the reason of a member in the words of Karmada', async () => {
  expect(await shown(await lostMember(), 'status', usual)).toMatchInlineSnapshot(`
    "fleet karmada in us-west-2: not Ready

    ✔ Karmada API
    │   https://lb.elb.us-west-2.amazonaws.com:32443
    │   open to 192.0.2.10/32, 198.51.100.1/32 · this machine is 192.0.2.10
    ▼
    ✔ karmada-parent
    │   control plane · Karmada 1.18.2 · us-west-2 · 1.35 · 3/3 nodes
    │   all 7 components ready
    │
    ├─push─▶ ✖ one   not Ready · us-west-2 · 1.35
    │          ClusterNotReachable: cluster is not reachable
    │          the Kubernetes API of one does not respond: The connection to the
    │          server
    │          one.gr7.us-west-2.eks.amazonaws.com was
    │          refused - did you specify the right host or port?
    └◀─pull─ ✔ two   Ready · us-west-2 · 1.35 · 3/3 nodes · agent 1.18.2

    kubectl-karmada 1.18.2 on this machine
    failover is off: when a member is lost, nothing moves; to turn it on:
    karmada-eks up --failover --fleet karmada --region us-west-2
    certificates expire on 2027-11-22, the CA on 2036-11-19
    what is there costs at least 0.97 USD per hour, 706.46 per month (730 hours);
    not known: nodes of one
    exit 8"
  `);
});

it('gives the reason of a pull member in the words of its agent’s pods', async () => {
  const account = newMachine();
  const reason = 'Back-off pulling image "karmada-agent:v1.18.2"';
  account.state.conditions = [{ kind: 'component-unavailable', component: 'karmada-agent', reason, times: 1 }];
  await cli(account, smallUp);
  const { stdout } = await cli(account, 'status -o json');
  const [one, two] = JSON.parse(stdout).members;
  expect(one).toMatchObject({ name: 'one', ready: true });
  expect(two).toMatchObject({
    name: 'two',
    ready: false,
    why: expect.stringContaining(`; karmada-agent: ImagePullBackOff: ${reason}`),
  });
});

it('reports why a component does not run, and that Karmada cannot be reached while it has no API', async () => {
  const account = newMachine();
  const reason = 'Back-off pulling image "karmada-apiserver:v1.18.2"';
  const condition: Condition = { kind: 'component-unavailable', component: 'karmada-apiserver', reason, times: 1 };
  account.state.conditions = [condition];
  await cli(account, smallUp);
  expect(await shown(account, 'status', usual)).toMatchInlineSnapshot(`
    "fleet karmada in us-west-2: not Ready

    ✖ Karmada API
    │   https://lb.elb.us-west-2.amazonaws.com:32443
    │   open to 192.0.2.10/32, 198.51.100.1/32 · this machine is 192.0.2.10
    │   does not respond
    ▼
    ✖ karmada-parent
    │   control plane · us-west-2 · 1.35 · 3/3 nodes
    │   karmada-apiserver: 0 of 3 ready (ImagePullBackOff: Back-off pulling image
    │   "karmada-apiserver:v1.18.2")
    │   karmada-aggregated-apiserver: 0 of 2 ready (it does not exist)
    │   kube-controller-manager: 0 of 2 ready (it does not exist)
    │   karmada-controller-manager: 0 of 2 ready (it does not exist)
    │   karmada-scheduler: 0 of 2 ready (it does not exist)
    │   karmada-webhook: 0 of 2 ready (it does not exist)
    │
    ├─push─▶ ✖ one   not Ready · us-west-2 · 1.35 · 3/3 nodes
    │          Karmada cannot be reached
    └◀─pull─ ✖ two   not Ready · us-west-2 · 1.35 · 3/3 nodes
               Karmada cannot be reached

    kubectl-karmada 1.18.2 on this machine
    certificates expire on 2027-11-22, the CA on 2036-11-19
    what is there costs about 1.28 USD per hour, 935.89 per month (730 hours)
    exit 8"
  `);
});

it('says in one line that nothing of Karmada is installed', async () => {
  const account = newMachine();
  await cli(account, smallUp, { faults: [{ call: 'exec kubectl-karmada init*', kind: 'no-effect' }] });
  const { stdout, code } = await cli(account, 'status');
  expect(code).toBe(8);
  expect(stdout.match(/.*installed.*/g)).toEqual(['│   components: none installed']);
  expect(stdout).not.toContain('it does not exist');
});

it('warns of a version whose standard support ends within 60 days', async () => {
  const account = newMachine();
  await succeed(account, `${smallUp} --kubernetes-version 1.34`);
  const { stdout } = await succeed(account, 'status');
  expect(stdout).toContain(
    '! standard support of Kubernetes 1.34 ends on 2026-12-02, in 9 days: EKS then upgrades karmada-parent, one, two automatically\n',
  );
});

it('is Ready without the dates, when EKS does not tell them', async () => {
  const faults = [
    { call: 'aws eks:DescribeClusterVersions*', kind: 'fail', code: 'AccessDeniedException', times: -1 },
  ] as const;
  const { stdout } = await succeed(await readyFleet(), 'status', { faults });
  expect(stdout).toContain('! support dates are unknown: ');
});

it('reports the same as JSON, as YAML and in a line of --json', async () => {
  const account = await readyFleet();
  const json = JSON.parse((await succeed(account, 'status -o json')).stdout);
  const yaml = parse((await succeed(account, 'status -o yaml')).stdout);
  const lines = (await succeed(account, 'status --json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(yaml).toEqual(json);
  expect(lines).toEqual([
    { v: 1, type: 'members', rows: [expect.objectContaining({ member: 'one', ready: 'True' }), expect.anything()] },
    { v: 1, type: 'status', ...json },
  ]);
  expect(json.clusters[0]).toMatchObject({
    support: { endOfStandard: '2027-03-27T00:00:00.000Z', policy: 'STANDARD' },
  });
});

it('adds every cluster and component with -o wide', async () => {
  const { stdout } = await succeed(await readyFleet(), 'status -o wide', { columns: 120, vars: { NO_COLOR: '1' } });
  expect(stdout.slice(stdout.indexOf('CLUSTER'))).toMatchInlineSnapshot(`
    "CLUSTER          ROLE     REGION      STATUS   VERSION   NODES   POLICY     STANDARD UNTIL   EXTENDED UNTIL
    karmada-parent   parent   us-west-2   ACTIVE   1.35      3/3     STANDARD   2027-03-27       2028-03-27
    one              member   us-west-2   ACTIVE   1.35      3/3     STANDARD   2027-03-27       2028-03-27
    two              member   us-west-2   ACTIVE   1.35      3/3     STANDARD   2027-03-27       2028-03-27

    COMPONENT                      READY   WHY
    etcd                           3/3
    karmada-apiserver              3/3
    karmada-aggregated-apiserver   2/2
    kube-controller-manager        2/2
    karmada-controller-manager     2/2
    karmada-scheduler              2/2
    karmada-webhook                2/2

    ETCD     STATE      NODE                                        ZONE
    etcd-0   leader     ip-10-0-100-13.us-west-2.compute.internal   us-west-2a
    etcd-1   follower   ip-10-0-101-13.us-west-2.compute.internal   us-west-2b
    etcd-2   follower   ip-10-0-102-10.us-west-2.compute.internal   us-west-2c
    "
  `);
});

it('refuses a format that it does not have', async () => {
  const { code, stderr } = await cli(await readyFleet(), 'status -o xml');
  expect(code).toBe(2);
  expect(stderr).toContain('--output: expected text, wide, json or yaml, got "xml"');
});

it('tells a machine whether the load balancer lets it in, and of one that is shut out how to let it in', async () => {
  const account = await readyFleet();
  const outside = await cli(account, 'status', { publicAddress: '203.0.113.200' });
  expect(outside.stdout).toContain(
    'this machine, 203.0.113.200, is not let in; to let it in: karmada-eks up --fleet karmada --region us-west-2\n',
  );
  const { stdout } = await cli(account, 'status -o json');
  expect(JSON.parse(stdout)).toMatchObject({
    controlPlane: { thisMachine: { address: '192.0.2.10', letIn: true } },
    cost: { usdPerHour: 1.282048, usdPerMonth: 935.895, unknown: [] },
  });
  const offline = await cli(account, 'status -o json', { publicAddress: null });
  expect(Object.keys((JSON.parse(offline.stdout) as { controlPlane: object }).controlPlane)).not.toContain(
    'thisMachine',
  );
});
