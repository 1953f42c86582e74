/** The exact argv of every command, and that no value in it can become a flag. */
import { expect, it } from 'vitest';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import { eksctlCommands as eksctl } from '../../src/tools/eksctl/commands.js';
import { karmadaCommands as karmada } from '../../src/tools/karmada/commands.js';
import { kubectlCommands as kubectl } from '../../src/tools/kubectl/commands.js';
import type { Command } from '../../src/world/exec.js';

/** Every command of the product, made of these values. */
function all(value: (name: string) => string): Readonly<Record<string, Command>> {
  const cluster = { name: value('cluster'), region: value('region') };
  const config: ClusterConfig = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: cluster };
  const api = { kubeconfig: value('karmada-kubeconfig'), context: value('karmada-context') };
  const member = { kubeconfig: value('kubeconfig'), context: value('context') };
  const place = {
    name: value('member'),
    provider: 'aws',
    region: value('region'),
    zones: [value('zone'), value('zone')],
  };
  const ref = { kind: 'pods', name: value('object'), namespace: value('namespace') };
  const init = {
    parent: member,
    advertiseAddress: value('address'),
    certAddresses: [value('address'), value('address')],
    certNames: [value('dns'), value('dns')],
    dataDir: value('data'),
    storageClass: value('class'),
    replicas: 3,
    standbys: 2,
  };
  return {
    'eksctl version': eksctl.version(),
    'create cluster': eksctl.createCluster(config),
    'create nodegroup': eksctl.createNodegroup(config),
    'delete nodegroup': eksctl.deleteNodegroup(config),
    'create addon': eksctl.createAddon(config),
    'delete addon': eksctl.deleteAddon(cluster, value('addon')),
    'create accessentry': eksctl.createAccessEntries(config),
    'create iamidentitymapping': eksctl.createIdentityMapping(cluster, value('arn')),
    'associate oidc': eksctl.associateOidcProvider(cluster),
    'create role': eksctl.createEbsRole(cluster, {
      name: value('role'),
      policy: value('policy'),
      tags: { 'karmada-eks/fleet': value('tag') },
    }),
    'delete role': eksctl.deleteEbsRole(cluster),
    'create ebs addon': eksctl.createEbsAddon(cluster, value('arn')),
    'create tagged ebs addon': eksctl.createEbsAddon(cluster, value('arn'), { team: value('tag') }),
    'delete cluster': eksctl.deleteCluster(cluster),
    'kubectl version': kubectl.version(),
    get: kubectl.get(member, ref),
    'get selected': kubectl.get(member, { kind: 'pods', selector: value('selector'), allNamespaces: true }),
    apply: kubectl.apply(member, [{ a: value('object') }]),
    create: kubectl.create(member, { a: value('object') }),
    'create new': kubectl.createNew(member, { a: value('object') }),
    replace: kubectl.replace(member, { a: value('object') }),
    'delete version': kubectl.removeVersion(member, value('path'), value('version')),
    patch: kubectl.mergePatch(member, ref, { a: value('patch') }),
    delete: kubectl.remove(member, ref),
    'strategic patch': kubectl.strategicPatch(member, ref, { a: 1 }),
    raw: kubectl.raw(member, value('path')),
    'karmada version': karmada.version(),
    init: karmada.init(init),
    'init with crds': karmada.init({ ...init, crds: value('crds') }),
    deinit: karmada.deinit(member),
    join: karmada.join(api, member, place),
    unjoin: karmada.unjoin(api, member, value('member')),
    'create token': karmada.createToken(api, value('description')),
    'delete token': karmada.deleteToken(api, value('token-id')),
    register: karmada.register({
      place,
      member,
      endpoint: value('endpoint'),
      token: value('token'),
      caHash: value('hash'),
    }),
    unregister: karmada.unregister(api, member, value('member')),
  };
}

it('is this, to the letter', () => {
  const lines = Object.entries(all((name) => `<${name}>`)).map(([name, { tool, args, stdin }]) => {
    return `${name}: ${[tool, ...args].join(' ')}${stdin === undefined ? '' : ` <<< ${stdin}`}`;
  });
  expect(lines).toMatchInlineSnapshot(`
    [
      "eksctl version: eksctl version --output=json",
      "create cluster: eksctl create cluster -f - --write-kubeconfig=false --timeout=40m <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"}}",
      "create nodegroup: eksctl create nodegroup -f - --timeout=40m <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"}}",
      "delete nodegroup: eksctl delete nodegroup -f - --approve --wait --disable-eviction <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"}}",
      "create addon: eksctl create addon -f - --force <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"}}",
      "delete addon: eksctl delete addon --cluster=<cluster> --region=<region> --name=<addon>",
      "create accessentry: eksctl create accessentry -f - <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"}}",
      "create iamidentitymapping: eksctl create iamidentitymapping --cluster=<cluster> --region=<region> --arn=<arn> --username=<arn> --group=system:masters --no-duplicate-arns",
      "associate oidc: eksctl utils associate-iam-oidc-provider --region=<region> --cluster=<cluster> --approve",
      "create role: eksctl create iamserviceaccount -f - --approve <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"},"iam":{"withOIDC":true,"serviceAccounts":[{"metadata":{"name":"ebs-csi-controller-sa","namespace":"kube-system"},"attachPolicyARNs":["<policy>"],"roleName":"<role>","roleOnly":true,"tags":{"karmada-eks/fleet":"<tag>"}}]}}",
      "delete role: eksctl delete iamserviceaccount --cluster=<cluster> --region=<region> --name=ebs-csi-controller-sa --namespace=kube-system --wait",
      "create ebs addon: eksctl create addon --cluster=<cluster> --region=<region> --name=aws-ebs-csi-driver --service-account-role-arn=<arn>",
      "create tagged ebs addon: eksctl create addon -f - --timeout=0s <<< {"apiVersion":"eksctl.io/v1alpha5","kind":"ClusterConfig","metadata":{"name":"<cluster>","region":"<region>"},"addons":[{"name":"aws-ebs-csi-driver","serviceAccountRoleARN":"<arn>","tags":{"team":"<tag>"}}]}",
      "delete cluster: eksctl delete cluster --name=<cluster> --region=<region> --wait --disable-nodegroup-eviction --timeout=40m",
      "kubectl version: kubectl version --client --output=json",
      "get: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s get pods <object> --namespace=<namespace> --output=json --ignore-not-found",
      "get selected: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s get pods --all-namespaces --selector=<selector> --output=json --ignore-not-found",
      "apply: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s apply -f - <<< {"apiVersion":"v1","kind":"List","items":[{"a":"<object>"}]}",
      "create: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s create -f - <<< {"a":"<object>"}",
      "create new: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s create -f - --output=json <<< {"a":"<object>"}",
      "replace: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s replace -f - --output=json <<< {"a":"<object>"}",
      "delete version: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s delete --raw=<path> -f - <<< {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"resourceVersion":"<version>"}}",
      "patch: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s patch pods <object> --namespace=<namespace> --type=merge --patch={"a":"<patch>"}",
      "delete: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s delete pods <object> --namespace=<namespace> --ignore-not-found --wait=false",
      "strategic patch: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s patch pods <object> --namespace=<namespace> --type=strategic --patch={"a":1}",
      "raw: kubectl --kubeconfig=<kubeconfig> --context=<context> --request-timeout=30s get --raw=<path>",
      "karmada version: kubectl-karmada version",
      "init: kubectl-karmada init --kubeconfig=<kubeconfig> --context=<context> --karmada-apiserver-advertise-address=<address> --cert-external-ip=<address>,<address> --cert-external-dns=<dns>,<dns> --karmada-apiserver-replicas=3 --etcd-replicas=3 --karmada-aggregated-apiserver-replicas=2 --karmada-kube-controller-manager-replicas=2 --karmada-scheduler-replicas=2 --karmada-controller-manager-replicas=2 --karmada-webhook-replicas=2 --etcd-storage-mode=PVC --storage-classes-name=<class> --karmada-data=<data> --karmada-pki=<data>/pki --wait-component-ready-timeout=300",
      "init with crds: kubectl-karmada init --kubeconfig=<kubeconfig> --context=<context> --karmada-apiserver-advertise-address=<address> --cert-external-ip=<address>,<address> --cert-external-dns=<dns>,<dns> --karmada-apiserver-replicas=3 --etcd-replicas=3 --karmada-aggregated-apiserver-replicas=2 --karmada-kube-controller-manager-replicas=2 --karmada-scheduler-replicas=2 --karmada-controller-manager-replicas=2 --karmada-webhook-replicas=2 --etcd-storage-mode=PVC --storage-classes-name=<class> --karmada-data=<data> --karmada-pki=<data>/pki --wait-component-ready-timeout=300 --crds=<crds>",
      "deinit: kubectl-karmada deinit --kubeconfig=<kubeconfig> --context=<context> --force",
      "join: kubectl-karmada join <member> --kubeconfig=<karmada-kubeconfig> --karmada-context=<karmada-context> --cluster-kubeconfig=<kubeconfig> --cluster-context=<context> --cluster-provider=aws --cluster-region=<region> --cluster-zones=<zone>,<zone>",
      "unjoin: kubectl-karmada unjoin <member> --kubeconfig=<karmada-kubeconfig> --karmada-context=<karmada-context> --cluster-kubeconfig=<kubeconfig> --cluster-context=<context> --wait=180s",
      "create token: kubectl-karmada token create --ttl=15m --description=<description> --print-register-command --kubeconfig=<karmada-kubeconfig> --karmada-context=<karmada-context>",
      "delete token: kubectl-karmada token delete <token-id> --kubeconfig=<karmada-kubeconfig> --karmada-context=<karmada-context>",
      "register: kubectl-karmada register <endpoint> --token=<token> --discovery-token-ca-cert-hash=<hash> --kubeconfig=<kubeconfig> --context=<context> --cluster-name=<member> --cluster-provider=aws --cluster-region=<region> --cluster-zones=<zone>,<zone> --enable-cert-rotation --discovery-timeout=120s",
      "unregister: kubectl-karmada unregister <member> --karmada-config=<karmada-kubeconfig> --karmada-context=<karmada-context> --cluster-kubeconfig=<kubeconfig> --cluster-context=<context> --wait=180s",
    ]
  `);
});

/**
 * Values that stand alone and not behind a flag: the names of members and of Kubernetes objects, token ids and the
 * endpoint. What a tool would take for more than that is refused (src/tools/word.ts).
 */
const standingAlone = ['member', 'object', 'token-id', 'endpoint'];

const asFlag = (name: string): string => (standingAlone.includes(name) ? name : `--${name}`);

it.each(Object.entries(all(asFlag)))('%s: a value that looks like a flag stays a value', (_, { args }) => {
  const alone = args.filter((arg) => standingAlone.includes(arg));
  const own = new Set(Object.values(all((name) => `<${name}>`)).flatMap((command) => command.args));
  for (const arg of args.filter((each) => !alone.includes(each))) {
    const [flag = ''] = arg.split('=');
    const known = own.has(arg) || (arg.includes('=') && [...own].some((each) => each.startsWith(`${flag}=`)));
    expect([arg, known]).toEqual([arg, true]);
  }
});

const asWords = (name: string): string => `a b;$(c) "${name}" 'd'${standingAlone.includes(name) ? '' : '\n'}`;

it.each(Object.entries(all(asWords)))('%s: a value stays one argument', (name, { args }) => {
  expect(args).toHaveLength(all((value) => `<${value}>`)[name]?.args.length ?? 0);
});

it('keeps tokens out of every command but register, and there behind their flag', () => {
  const secret = 'abcdef.0123456789abcdef';
  const commands = Object.entries(all((name) => (name === 'token' ? secret : name)));
  const holding = commands.filter(([, command]) => JSON.stringify(command).includes(secret));
  expect(holding.map(([name, { args }]) => [name, args.filter((arg) => arg.includes(secret))])).toEqual([
    ['register', [`--token=${secret}`]],
  ]);
});

it('names an identity mapping after the last part of the ARN', () => {
  const arn = 'arn:aws:iam::123456789012:role/path/admin';
  expect(eksctl.createIdentityMapping({ name: 'x', region: 'y' }, arn).args).toContain('--username=admin');
});
