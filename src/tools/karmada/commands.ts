/** The kubectl-karmada invocations of the product, as data (flags of 1.18.2). */
import type { Command } from '../../world/exec.js';
import type { KubeAccess } from '../kubectl/commands.js';
import { positional } from '../positional.js';

export interface InitOptions {
  readonly parent: KubeAccess;
  /** An address of the NLB: `init` does not accept a name here. */
  readonly advertiseAddress: string;
  /** Additional addresses and names for the API server's certificate. */
  readonly certAddresses: readonly string[];
  readonly certNames: readonly string[];
  /** An absolute path of a folder that `init` erases. */
  readonly dataDir: string;
  readonly storageClass: string;
  /** Of the API server and of etcd. */
  readonly replicas: number;
  /** Of each other component. */
  readonly standbys: number;
  /** How long the certificates are valid, e.g. `8760h`; a year where it is not given. */
  readonly certValidity?: string;
  /** Local archive of the CRDs; by default `init` downloads them. */
  readonly crds?: string;
  /** `REGISTRY[/PREFIX]` of all images. */
  readonly imageRegistry?: string;
  /** Country of a mirror, which goes before the registry for etcd and Kubernetes' components. */
  readonly imageMirrorCountry?: string;
  /** Name of a Secret in Karmada's namespace, which must be there. */
  readonly pullSecret?: string;
}

/** The location of a member, for Karmada's scheduler. */
export interface MemberPlace {
  readonly name: string;
  /** e.g. `aws`. Unknown values are omitted. */
  readonly provider?: string;
  readonly region?: string;
  readonly zones: readonly string[];
}

export interface RegisterOptions {
  readonly place: MemberPlace;
  readonly member: KubeAccess;
  /** host:port of the Karmada API, without a scheme. */
  readonly endpoint: string;
  readonly token: string;
  /** `sha256:<hex>` of the public key of Karmada's CA. */
  readonly caHash: string;
  /** Image of the agent; by default one of docker.io in the tool's version. */
  readonly agentImage?: string;
}

/** The components whose number of replicas `init` takes, besides API server and etcd (1.18.2, cmdinit/cmdinit.go). */
const withStandby = [
  'karmada-aggregated-apiserver',
  'karmada-kube-controller-manager',
  'karmada-scheduler',
  'karmada-controller-manager',
  'karmada-webhook',
] as const;

export const karmadaCommands = {
  version: (): Command => karmada('version'),

  init: (options: InitOptions): Command =>
    karmada(
      'init',
      `--kubeconfig=${options.parent.kubeconfig}`,
      `--context=${options.parent.context}`,
      `--karmada-apiserver-advertise-address=${options.advertiseAddress}`,
      `--cert-external-ip=${options.certAddresses.join(',')}`,
      `--cert-external-dns=${options.certNames.join(',')}`,
      `--karmada-apiserver-replicas=${options.replicas}`,
      `--etcd-replicas=${options.replicas}`,
      ...withStandby.map((component) => `--${component}-replicas=${options.standbys}`),
      '--etcd-storage-mode=PVC',
      `--storage-classes-name=${options.storageClass}`,
      `--karmada-data=${options.dataDir}`,
      `--karmada-pki=${options.dataDir}/pki`,
      '--wait-component-ready-timeout=300',
      ...(options.certValidity === undefined ? [] : [`--cert-validity-period=${options.certValidity}`]),
      ...(options.crds === undefined ? [] : [`--crds=${options.crds}`]),
      ...(options.imageRegistry === undefined ? [] : [`--private-image-registry=${options.imageRegistry}`]),
      ...(options.imageMirrorCountry === undefined
        ? []
        : [`--kube-image-mirror-country=${options.imageMirrorCountry}`]),
      ...(options.pullSecret === undefined ? [] : [`--image-pull-secrets=${options.pullSecret}`]),
    ),

  /** Without `--force` it prompts (observed: `…press enter:EOF`, status 1). */
  deinit: (parent: KubeAccess): Command =>
    karmada('deinit', `--kubeconfig=${parent.kubeconfig}`, `--context=${parent.context}`, '--force'),

  join: (karmadaApi: KubeAccess, member: KubeAccess, place: MemberPlace): Command =>
    karmada('join', positional(place.name), ...viaKarmada(karmadaApi), ...viaMember(member), ...placeFlags(place)),

  unjoin: (karmadaApi: KubeAccess, member: KubeAccess, name: string): Command =>
    karmada('unjoin', positional(name), ...viaKarmada(karmadaApi), ...viaMember(member), '--wait=180s'),

  /**
   * Without contacting the member: after the wait the finalizers of the Cluster object are removed (karmada 1.18.2,
   * pkg/karmadactl/util/cluster.go), and what Karmada put into the member stays there.
   */
  unjoinByForce: (karmadaApi: KubeAccess, name: string): Command =>
    karmada('unjoin', positional(name), ...viaKarmada(karmadaApi), '--force', '--wait=30s'),

  /** The description identifies the token of a run that was killed. */
  createToken: (karmadaApi: KubeAccess, description: string): Command =>
    karmada(
      'token',
      'create',
      '--ttl=15m',
      `--description=${description}`,
      '--print-register-command',
      ...viaKarmada(karmadaApi),
    ),

  /** Takes the token's id (the part before the dot), which is not secret. */
  deleteToken: (karmadaApi: KubeAccess, tokenId: string): Command =>
    karmada('token', 'delete', positional(tokenId), ...viaKarmada(karmadaApi)),

  register: (options: RegisterOptions): Command =>
    karmada(
      'register',
      positional(options.endpoint),
      `--token=${options.token}`,
      `--discovery-token-ca-cert-hash=${options.caHash}`,
      `--kubeconfig=${options.member.kubeconfig}`,
      `--context=${options.member.context}`,
      `--cluster-name=${options.place.name}`,
      ...placeFlags(options.place),
      '--enable-cert-rotation',
      '--discovery-timeout=120s',
      ...(options.agentImage === undefined ? [] : [`--karmada-agent-image=${options.agentImage}`]),
    ),

  unregister: (karmadaApi: KubeAccess, member: KubeAccess, name: string): Command =>
    karmada(
      'unregister',
      positional(name),
      `--karmada-config=${karmadaApi.kubeconfig}`,
      `--karmada-context=${karmadaApi.context}`,
      ...viaMember(member),
      '--wait=180s',
    ),
} as const;

function karmada(...args: readonly string[]): Command {
  return { tool: 'kubectl-karmada', args };
}

function viaKarmada(access: KubeAccess): readonly string[] {
  return [`--kubeconfig=${access.kubeconfig}`, `--karmada-context=${access.context}`];
}

function viaMember(access: KubeAccess): readonly string[] {
  return [`--cluster-kubeconfig=${access.kubeconfig}`, `--cluster-context=${access.context}`];
}

function placeFlags({ provider, region, zones }: MemberPlace): readonly string[] {
  return [
    ...(provider === undefined ? [] : [`--cluster-provider=${provider}`]),
    ...(region === undefined ? [] : [`--cluster-region=${region}`]),
    ...(zones.length === 0 ? [] : [`--cluster-zones=${zones.join(',')}`]),
  ];
}
