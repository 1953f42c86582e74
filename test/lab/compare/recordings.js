/** Which answers of tools are kept as fixtures for the tests of the product's parsers, and how they are made fit to be kept. */
import { normaliserFor } from './normalise.js';

/**
 * @typedef {object} Recording
 * @property {string} name
 * @property {'eksctl' | 'kubectl' | 'kubectl-karmada'} tool
 * @property {RegExp} args what its arguments, joined, have to be like
 * @property {RegExp} [given] what has to stand on its standard input
 * @property {RegExp} [printed] what it has to have printed, on either stream
 * @property {number} [code] with what it ended; 0 when not given
 */

const get = (what) =>
  new RegExp(` get ${what}(?: --namespace=\\S+| --all-namespaces| --selector=\\S+)* --output=json `);

/** @type {readonly Recording[]} */
export const recordings = [
  { name: 'version', tool: 'eksctl', args: /^version/ },
  { name: 'create-cluster', tool: 'eksctl', args: /^create cluster/, given: /"lab-parent"/ },
  {
    name: 'create-cluster-without-control-plane',
    tool: 'eksctl',
    args: /^create cluster/,
    printed: /ControlPlane:/,
    code: 1,
  },
  { name: 'create-cluster-without-nodes', tool: 'eksctl', args: /^create cluster/, printed: /waiter state/, code: 1 },
  { name: 'create-nodegroup', tool: 'eksctl', args: /^create nodegroup/ },
  { name: 'delete-addon', tool: 'eksctl', args: /^delete addon/ },
  { name: 'delete-cluster', tool: 'eksctl', args: /^delete cluster --name=lab-pull / },
  { name: 'version', tool: 'kubectl', args: /^version/ },
  { name: 'readyz', tool: 'kubectl', args: / get --raw=\/readyz$/, printed: /ok/ },
  { name: 'get-nothing', tool: 'kubectl', args: get('deployments karmada-agent'), printed: /^$/ },
  { name: 'get-services', tool: 'kubectl', args: get('services') },
  {
    name: 'get-load-balancer',
    tool: 'kubectl',
    args: get('services karmada-service-loadbalancer'),
    printed: /hostname/,
  },
  { name: 'get-deployments', tool: 'kubectl', args: get('deployments'), printed: /karmada-webhook/ },
  { name: 'get-stateful-sets', tool: 'kubectl', args: get('statefulsets'), printed: /etcd/ },
  { name: 'get-stateful-set', tool: 'kubectl', args: get('statefulsets etcd'), printed: /etcd/ },
  { name: 'get-record', tool: 'kubectl', args: get('configmaps karmada-eks'), printed: /"data"/ },
  { name: 'get-cluster-info', tool: 'kubectl', args: get('configmaps cluster-info'), printed: /kubeconfig/ },
  { name: 'get-certificates', tool: 'kubectl', args: get('secrets karmada-cert'), printed: /data/ },
  { name: 'get-namespace', tool: 'kubectl', args: get('namespaces kube-system'), printed: /uid/ },
  { name: 'get-storage-class', tool: 'kubectl', args: get('storageclasses ebs-sc'), printed: /ebs/ },
  { name: 'get-push-member', tool: 'kubectl', args: get('clusters.cluster.karmada.io lab-push'), printed: /"Push"/ },
  { name: 'get-pull-member', tool: 'kubectl', args: get('clusters.cluster.karmada.io lab-pull'), printed: /"Pull"/ },
  { name: 'create-lease', tool: 'kubectl', args: / create -f - --output=json$/, printed: /"Lease"/ },
  { name: 'replace-lease', tool: 'kubectl', args: / replace -f - --output=json$/, printed: /"Lease"/ },
  {
    name: 'get-claims',
    tool: 'kubectl',
    args: get('persistentvolumeclaims'),
    printed: /^(?!.*deletionTimestamp).*volumeName/s,
  },
  { name: 'version', tool: 'kubectl-karmada', args: /^version/ },
  { name: 'init', tool: 'kubectl-karmada', args: /^init/ },
  { name: 'create-token', tool: 'kubectl-karmada', args: /^token create/ },
  { name: 'register', tool: 'kubectl-karmada', args: /^register/, printed: /joined successfully/ },
  { name: 'join', tool: 'kubectl-karmada', args: /^join/, printed: /joined successfully/ },
  { name: 'unjoin', tool: 'kubectl-karmada', args: /^unjoin/ },
  { name: 'unregister', tool: 'kubectl-karmada', args: /^unregister/ },
  { name: 'deinit', tool: 'kubectl-karmada', args: /^deinit/ },
];

/**
 * The last call of the first run in which there is such a one: what is waited for is there then.
 * @param {Recording} recording
 * @param {readonly (readonly object[])[]} runs the calls of each run, as the recorder writes them down
 * @returns the call, or undefined
 */
export function pick({ tool, args, given = /(?:)/, printed = /(?:)/, code = 0 }, runs) {
  const fits = ({ kind, request, result }) =>
    kind === 'exec' &&
    request.tool === tool &&
    args.test(request.args.join(' ')) &&
    given.test(request.stdin ?? '') &&
    result?.code === code &&
    printed.test(result.stdout + result.stderr);
  return runs.map((calls) => calls.findLast(fits)).find((call) => call !== undefined);
}

/** What stands for a name of the normaliser: text of the same kind, so that a parser takes it for what it is. */
const specimens = [
  [/<time>/g, '2026-01-02T03:04:05Z'],
  [/<token>/g, 'abcdef.0123456789abcdef'],
  // A token that the product hides is a part of the answer all the same.
  [/(?<=--token[ =])<hidden>/g, 'abcdef.0123456789abcdef'],
  [/<hash>/g, '0'.repeat(64)],
  [/<address>/g, '192.0.2.1'],
  [/<uuid>/g, '00000000-0000-4000-8000-000000000000'],
  [/<owner>/g, 'somebody@somewhere (1)'],
  [/<load balancer>/g, 'lb-0123456789'],
  [/<account>/g, '123456789012'],
  [/<certificate>/g, 'cmVtb3ZlZA=='],
  [/<attempt>/g, '1'],
  [/(?<="resourceVersion": ")\d+/g, '1'],
  [/<(vpc|subnet|eni|vol|sg|rtb|nat|igw|i|eipalloc)>/g, '$1-0123456789abcdef0'],
  [/<(?:vpc|private subnet|public subnet) [\w-]+>/g, 'subnet-0123456789abcdef0'],
  [/<(data|crds|kubeconfig)>/g, '/$1'],
  [/<copy>/g, 'copy'],
  // The beginnings of lines of eksctl and of klog.
  [/^\d{4}-\d\d-\d\d [\d:]{8} /gm, '2026-01-02 03:04:05 '],
  [/^([IWEF])\d{4} [\d:.]+ +\d+ /gm, '$10102 03:04:05.000000   12345 '],
];

/** Fields that no parser reads and that are long. */
const longOnes = ['template', 'volumeClaimTemplates', 'images', 'apiEnablements', 'resourceModels', 'resourceSummary'];

/** As many objects of a list are kept. */
const listLength = 2;

/**
 * @param call as `pick` answers it
 * @param names what its side calls what both have, see `normaliserFor`
 * @param {(text: string) => string} redact the product's own
 * @returns what is kept: what was run, how it ended and what it printed, without secrets, ids, addresses, paths and times of this run
 */
export function fixtureOf({ request, result }, names, redact) {
  const normalise = normaliserFor(names);
  const plain = (text) => specimens.reduce((rest, [from, to]) => rest.replace(from, to), redact(normalise(text)));
  const fitting = (text) =>
    plain(/^\s*\{/.test(text) ? `${JSON.stringify(pruned(JSON.parse(text)), null, 2)}\n` : text);
  const command = plain([request.tool, ...request.args].join(' '));
  return { command, code: result.code, stdout: fitting(result.stdout), stderr: fitting(result.stderr) };
}

function pruned(value, name = '') {
  if (name === 'items') return value.slice(0, listLength).map((each) => pruned(each));
  if (Array.isArray(value)) return value.map((each) => pruned(each));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([field]) => !longOnes.includes(field) && !field.startsWith('kubectl.'));
  const secret = value.kind === 'Secret';
  return Object.fromEntries(
    fields.map(([field, inner]) => [field, secret && field === 'data' ? withoutValues(inner) : pruned(inner, field)]),
  );
}

function withoutValues(data) {
  return Object.fromEntries(Object.keys(data).map((name) => [name, Buffer.from('removed').toString('base64')]));
}
