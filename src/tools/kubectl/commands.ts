/** The kubectl invocations of the product, as data. Reads always request JSON; objects are always passed on stdin. */
import type { Command } from '../../world/exec.js';
import { positional } from '../positional.js';

export interface KubeAccess {
  /** Absolute path of a kubeconfig of the fleet. */
  readonly kubeconfig: string;
  readonly context: string;
}

export interface KubeRef {
  /** Kind or resource name, e.g. `deployments`, `clusters.cluster.karmada.io`. */
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** Label selector, e.g. `app=etcd`. */
  readonly selector?: string;
  readonly allNamespaces?: boolean;
}

/** A container of a pod. */
export interface PodContainer {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
}

export const kubectlCommands = {
  version: (): Command => ({ tool: 'kubectl', args: ['version', '--client', '--output=json'] }),

  get: (access: KubeAccess, ref: KubeRef): Command =>
    on(access, ['get', ...target(ref), '--output=json', '--ignore-not-found']),

  /** Each object needs `apiVersion`, `kind` and `metadata` with its name; those that do not exist are left out. */
  getAll: (access: KubeAccess, objects: readonly object[]): Command =>
    on(access, ['get', '-f', '-', '--output=json', '--ignore-not-found'], list(objects)),

  /** One per line, e.g. `deployments.apps`. */
  listableTypes: (access: KubeAccess, scope: 'namespaced' | 'all'): Command => {
    const only = scope === 'namespaced' ? ['--namespaced=true'] : [];
    return on(access, ['api-resources', ...only, '--verbs=list', '--output=name']);
  },

  apply: (access: KubeAccess, objects: readonly object[]): Command => on(access, ['apply', '-f', '-'], list(objects)),

  create: (access: KubeAccess, object: object): Command => on(access, ['create', '-f', '-'], object),

  /** Creates an object that must not exist yet, and prints the result. */
  createNew: (access: KubeAccess, object: object): Command =>
    on(access, ['create', '-f', '-', '--output=json'], object),

  /**
   * Replaces the object identified by `uid` and `resourceVersion`, and prints the result. With both it is refused if
   * the object was changed or deleted; without `uid` a deleted Lease is created again (observed with 1.34).
   */
  replace: (access: KubeAccess, object: object): Command => on(access, ['replace', '-f', '-', '--output=json'], object),

  /**
   * Prints what each object would be after it is replaced, one JSON document after another, and changes nothing; an object that the API
   * refuses is left out (kubectl 1.34, pkg/cmd/replace/replace.go).
   */
  dryReplace: (access: KubeAccess, objects: readonly object[]): Command =>
    on(access, ['replace', '-f', '-', '--dry-run=server', '--validate=ignore', '--output=json'], list(objects)),

  /** Only if it still has this version, which `kubectl delete TYPE NAME` cannot express. */
  removeVersion: (access: KubeAccess, path: string, resourceVersion: string): Command => {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } };
    return on(access, ['delete', `--raw=${path}`, '-f', '-'], options);
  },

  mergePatch: (access: KubeAccess, ref: KubeRef, patch: object): Command =>
    on(access, ['patch', ...target(ref), ...merging(patch)]),

  /** Merges lists by their keys, e.g. containers by name, so that no other container has to be repeated. */
  strategicPatch: (access: KubeAccess, ref: KubeRef, patch: object): Command =>
    on(access, ['patch', ...target(ref), '--type=strategic', `--patch=${JSON.stringify(patch)}`]),

  /** Each object needs `apiVersion`, `kind` and `metadata` with its name. */
  mergePatchAll: (access: KubeAccess, objects: readonly object[], patch: object): Command =>
    on(access, ['patch', '-f', '-', ...merging(patch)], list(objects)),

  /** Lets the signer sign a CertificateSigningRequest. */
  approve: (access: KubeAccess, name: string): Command => on(access, ['certificate', 'approve', positional(name)]),

  /** Does not wait: callers check that it is gone. */
  remove: (access: KubeAccess, ref: KubeRef): Command =>
    on(access, ['delete', ...target(ref), '--ignore-not-found', '--wait=false']),

  /** Runs a program in a container; what it prints is this command's output. */
  exec: (access: KubeAccess, at: PodContainer, argv: readonly string[]): Command =>
    on(access, ['exec', ...inside(at), '--', ...argv]),

  /** A port of the pod at a free port of this machine, until it is stopped. */
  portForward: (access: KubeAccess, pod: string, namespace: string, port: number): Command =>
    on(access, ['port-forward', `pod/${pod}`, `:${port}`, `--namespace=${namespace}`, '--address=127.0.0.1']),

  /** The last lines of a container; `previous`: of the one before it, which ended. */
  logs: (access: KubeAccess, at: PodContainer, previous: boolean): Command =>
    on(access, ['logs', ...inside(at), '--tail=50', ...(previous ? ['--previous'] : [])]),

  /** One context of the user's own kubeconfig, with the contents of the files it references; contains secrets. */
  viewContext: (context: string): Command => ({
    tool: 'kubectl',
    args: ['config', 'view', '--raw', '--minify', '--flatten', `--context=${context}`, '--output=json'],
  }),

  /** Reads a path of the API itself, e.g. `/readyz`. */
  raw: (access: KubeAccess, path: string): Command => on(access, ['get', `--raw=${path}`]),
} as const;

function on({ kubeconfig, context }: KubeAccess, args: readonly string[], stdin?: object): Command {
  const flags = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, '--request-timeout=30s'];
  const command: Command = { tool: 'kubectl', args: [...flags, ...args] };
  return stdin === undefined ? command : { ...command, stdin: JSON.stringify(stdin) };
}

function merging(patch: object): readonly string[] {
  return ['--type=merge', `--patch=${JSON.stringify(patch)}`];
}

function inside({ pod, namespace, container }: PodContainer): readonly string[] {
  return [positional(pod), `--namespace=${namespace}`, `--container=${container}`];
}

function target(ref: KubeRef): readonly string[] {
  return [
    positional(ref.kind),
    ...(ref.name === undefined ? [] : [positional(ref.name)]),
    ...(ref.namespace === undefined ? [] : [`--namespace=${ref.namespace}`]),
    ...(ref.allNamespaces ? ['--all-namespaces'] : []),
    ...(ref.selector === undefined ? [] : [`--selector=${ref.selector}`]),
  ];
}

function list(items: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', items };
}
