/** The comparison of lab and rehearsal finds each difference that there is, and none where only ids, times and order of questions differ. */
import { expect, it } from 'vitest';

/** A call as the recorder writes it down. */
interface Call {
  readonly step: string;
  readonly kind: 'exec' | 'aws' | 'http';
  readonly [field: string]: unknown;
}
type Normalise = (text: string) => string;

// The lab's JavaScript has no types: it runs without a build.
const load = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(name, import.meta.url).href)) as Module;
const { normaliserFor, normalised } = await load<{
  normaliserFor: (names: readonly (readonly [string, string])[]) => Normalise;
  normalised: (value: unknown, normalise: Normalise) => unknown;
}>('normalise.js');
const { courseOf } = await load<{ courseOf: (calls: readonly Call[], normalise: Normalise) => object }>('course.js');
const { courseDifferences, valueDifferences, leavesOf } = await load<{
  courseDifferences: (lab: object, rehearsal: object) => readonly string[];
  valueDifferences: (lab: unknown, rehearsal: unknown, path: string) => readonly string[];
  leavesOf: (value: unknown) => number;
}>('differences.js');

const exec = (step: string, line: string, stdin?: object): Call => {
  const [tool, ...args] = line.split(' ');
  return { step, kind: 'exec', request: { tool, args, ...(stdin && { stdin: JSON.stringify(stdin) }) } };
};
const aws = (step: string, operation: string, input: object = {}): Call => ({
  step,
  kind: 'aws',
  service: 'eks',
  operation,
  region: 'us-west-2',
  input,
});

const lab: readonly Call[] = [
  aws('plan', 'ListClusters'),
  exec('plan', 'kubectl version --client --output=json'),
  exec('create/a', 'eksctl create cluster -f -', {
    metadata: { name: 'a', tags: { fleet: 'x' } },
    vpc: 'vpc-0123456789abcdef0',
  }),
  aws('create/a', 'DescribeCluster', { name: 'a' }),
  aws('create/a', 'DescribeCluster', { name: 'a' }),
  exec('join/a', 'kubectl --kubeconfig=/lab/a.json get pods --output=json'),
  exec('join/a', 'kubectl-karmada join a --karmada-context=k'),
  exec('join/a', 'kubectl --kubeconfig=/lab/a.json apply -f -', { kind: 'List' }),
];
const names = [['/lab', '<data>']] as const;
const course = (calls: readonly Call[], more: typeof names | readonly [] = names): object =>
  courseOf(calls, normaliserFor(more));
const against = (other: readonly Call[]): readonly string[] => courseDifferences(course(lab), course(other));
const without = (index: number): readonly Call[] => lab.filter((_, each) => each !== index);
const withCall = (index: number, call: Call): readonly Call[] => lab.map((each, at) => (at === index ? call : each));

it('finds nothing between a run and itself, with other paths, ids and steps side by side', () => {
  const text = JSON.stringify(lab)
    .replaceAll('/lab', '/home/you')
    .replaceAll('vpc-0123456789abcdef0', 'vpc-00000000000000007');
  const other = (JSON.parse(text) as Call[]).sort((one, two) =>
    one.step < two.step ? 1 : one.step > two.step ? -1 : 0,
  );
  expect(courseDifferences(course(lab), courseOf(other, normaliserFor([['/home/you', '<data>']])))).toEqual([]);
});

it.each<[string, readonly Call[], readonly string[]]>([
  ['a missing command', without(6), ['join/a: only in the lab: kubectl-karmada join a --karmada-context=k']],
  ['a missing question', without(0), ['plan: only in the lab: eks:ListClusters us-west-2 {}']],
  [
    'a question more',
    [...lab, aws('plan', 'ListAddons', { clusterName: 'a' })],
    ['plan: only in the rehearsal: eks:ListAddons us-west-2 {"clusterName":"a"}'],
  ],
  [
    'another order of changes',
    [...lab.slice(0, 6), ...lab.slice(6).reverse()],
    [
      'join/a: only in the lab: kubectl-karmada join a --karmada-context=k',
      'join/a: only in the rehearsal: kubectl-karmada join a --karmada-context=k',
    ],
  ],
  [
    'another flag',
    withCall(6, exec('join/a', 'kubectl-karmada join a --karmada-context=k --force')),
    [
      'join/a: only in the lab: kubectl-karmada join a --karmada-context=k',
      'join/a: only in the rehearsal: kubectl-karmada join a --karmada-context=k --force',
    ],
  ],
  [
    'another tag on standard input',
    withCall(
      2,
      exec('create/a', 'eksctl create cluster -f -', {
        metadata: { name: 'a', tags: { fleet: 'y' } },
        vpc: 'vpc-0123456789abcdef0',
      }),
    ),
    ['create/a: eksctl create cluster -f - <<< /metadata/tags/fleet: lab "x", rehearsal "y"'],
  ],
  [
    'a look after a change instead of before it',
    [...without(5), lab[5] ?? aws('', '')],
    [
      'join/a: only in the lab: kubectl --kubeconfig=<data>/a.json get pods --output=json',
      'join/a: only in the rehearsal: kubectl --kubeconfig=<data>/a.json get pods --output=json',
    ],
  ],
  [
    'another step',
    withCall(0, aws('create/a', 'ListClusters')),
    [
      'plan: only in the lab: eks:ListClusters us-west-2 {}',
      'create/a: only in the rehearsal: eks:ListClusters us-west-2 {}',
    ],
  ],
])('finds %s', (_, other, expected) => {
  expect([...against(other)].sort()).toEqual([...expected].sort());
});

it('takes the pages of an answer, and the rounds of a wait, for one question', () => {
  const paged = [aws('plan', 'ListClusters'), aws('plan', 'ListClusters', { nextToken: 'b' })];
  expect(courseDifferences(course(paged), course([aws('plan', 'ListClusters')]))).toEqual([]);
});

it('counts a look that goes on when a change begins as one after it: which of them begins first is chance', () => {
  const [look, change] = [exec('a', 'kubectl get pods'), exec('a', 'kubectl-karmada init')];
  const beside = course([
    { ...look, from: 1, to: 3 },
    { ...change, from: 2, to: 4 },
  ]);
  expect(courseDifferences(beside, course([change, look]))).toEqual([]);
  const before = course([
    { ...look, from: 1, to: 2 },
    { ...change, from: 3, to: 4 },
  ]);
  expect(courseDifferences(before, beside)).toHaveLength(2);
});

it('pairs a change rather than the many looks beside it', () => {
  const change = exec('a', 'kubectl patch deployments b');
  const looks = ['pods', 'events', 'claims'].map((kind) => exec('a', `kubectl get ${kind}`));
  const differences = courseDifferences(course([...looks, change]), course([change, ...looks]));
  expect(differences).toHaveLength(6);
  expect(differences.filter((each) => each.includes('patch'))).toEqual([]);
});

it('takes the values of a filter for alternatives', () => {
  const asking = (...Values: readonly string[]): object => course([aws('a', 'Describe', { Filters: [{ Values }] })]);
  expect(courseDifferences(asking('x', 'y'), asking('y', 'x'))).toEqual([]);
  expect(courseDifferences(asking('x', 'y'), asking('x'))).toHaveLength(2);
});

it('keeps the lease of the fleet out of the steps, and does not count how often it is renewed', () => {
  const taken = exec('hold', 'kubectl create -f - --output=json', { kind: 'Lease' });
  const renewed = exec('create/a', 'kubectl replace -f - --output=json', { kind: 'Lease' });
  expect(course([taken, renewed, renewed])).toEqual(course([taken]));
  expect(Object.keys(course([taken]))).toEqual(['lease']);
});

it('finds where two states differ', () => {
  const state = { clusters: { a: { status: 'ACTIVE', tags: { x: '1' } } }, ranges: ['0.0.0.0/0'] };
  expect(valueDifferences(state, structuredClone(state), 'state')).toEqual([]);
  const other = { clusters: { a: { status: 'CREATING', tags: {} }, b: {} }, ranges: [] };
  expect(valueDifferences(state, other, 'state')).toEqual([
    'state/clusters/a/status: lab "ACTIVE", rehearsal "CREATING"',
    'state/clusters/a/tags/x: lab "1", rehearsal nothing',
    'state/clusters/b: lab nothing, rehearsal {}',
    'state/ranges/0: lab "0.0.0.0/0", rehearsal nothing',
  ]);
  expect(leavesOf(state)).toBe(3);
});

it.each([
  ['2026-11-22T12:00:00.123456Z', '<time>'],
  ['--token=abcdef.0123456789abcdef', '--token=<token>'],
  ['kubectl-karmada token delete abcdef --x', 'kubectl-karmada token delete <token id> --x'],
  [`sha256:${'0a'.repeat(32)}`, 'sha256:<hash>'],
  ['subnet-0123456789abcdef0,vol-00000000000000001', '<subnet>,<vol>'],
  ['vpc-cni and 10.0.3.4:32443 beside 203.0.113.10/32', 'vpc-cni and <address>:32443 beside 203.0.113.10/32'],
  ['https://ab12-34.elb.us-west-2.amazonaws.com:32443', 'https://<load balancer>.elb.us-west-2.amazonaws.com:32443'],
  ['ELB net/ad2ebdd818bef4e628fb0792e086d1b7/*', 'ELB net/<load balancer>/*'],
  ['arn:aws:iam::123456789012:user/you', 'arn:aws:iam::<account>:user/you'],
  ['/d/tokens/1795349100000-you-rehearsal-pid-1--0.json', '/d/tokens/<copy>.json'],
  ['d2f5a0f4-1111-2222-3333-0123456789ab', '<uuid>'],
])('names what differs from run to run: %s', (text, expected) => {
  expect(normaliserFor([])(text)).toBe(expected);
});

it('names what both sides have by what it is, the longest first', () => {
  const normalise = normaliserFor([
    ['/home/you', '<home>'],
    ['/home/you/data', '<data>'],
  ]);
  expect(normalise('/home/you/data/x and /home/you/y')).toBe('<data>/x and <home>/y');
});

it('orders the fields of a value and takes JSON in a text for what it is', () => {
  expect(JSON.stringify(normalised({ b: '{"z":"vol-0123456789abcdef0","a":1}', a: ['{no'] }, normaliserFor([])))).toBe(
    '{"a":["{no"],"b":{"a":1,"z":"<vol>"}}',
  );
});

it('gives the questions to etcd no order, but its changes', () => {
  const etcd = (asked: string): Call =>
    exec(
      'plan',
      `kubectl --context=k exec etcd-0 -- /usr/local/bin/etcdctl --endpoints=http://x ${asked} --write-out=json`,
    );
  const asked = ['endpoint status', 'member list'].map(etcd);
  expect(courseDifferences(course(asked), course([...asked].reverse()))).toEqual([]);
  const changing = ['member remove 1', 'member add 2'].map(etcd);
  expect(courseDifferences(course(changing), course([...changing].reverse()))).not.toEqual([]);
});

it('compares rules of load balancers whatever their names and the networks of the VPC are, but not whatever they let in', () => {
  const shown = (lines: readonly string[]): unknown =>
    normalised(Object.fromEntries(lines.map((line) => [line, true])), normaliserFor([]));
  const health = 'tcp 31443 to 31443 from 10.0.16.0/20: kubernetes.io/rule/nlb/health=a43c90448b2f4cd5b6e7f8091a2b3c4d';
  const others = 'tcp 31443 to 31443 from 10.0.2.0/24: kubernetes.io/rule/nlb/health=a505c7bf4e77b4339846ad7ef86965a6';
  const open = 'tcp 31443 to 31443 from 0.0.0.0/0: kubernetes.io/rule/nlb/client=a505c7bf4e77b4339846ad7ef86965a6';
  expect(shown([others])).toEqual(shown([health]));
  expect(shown([open])).toEqual({
    'tcp 31443 to 31443 from 0.0.0.0/0: kubernetes.io/rule/nlb/client=<load balancer>': true,
  });
});
