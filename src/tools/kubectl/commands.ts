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

const requestTimeout = '--request-timeout=30s';

export const kubectlCommands = {
  version: (): Command => ({ tool: 'kubectl', args: ['version', '--client', '--output=json'] }),

  get: (access: KubeAccess, ref: KubeRef): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'get', ...target(ref), '--output=json', '--ignore-not-found'],
  }),

  /** One per line, e.g. `deployments.apps`. */
  listableTypes: (access: KubeAccess, scope: 'namespaced' | 'all'): Command => ({
    tool: 'kubectl',
    args: [
      ...flags(access),
      'api-resources',
      ...(scope === 'namespaced' ? ['--namespaced=true'] : []),
      '--verbs=list',
      '--output=name',
    ],
  }),

  apply: (access: KubeAccess, objects: readonly object[]): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'apply', '-f', '-'],
    stdin: list(objects),
  }),

  create: (access: KubeAccess, object: object): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'create', '-f', '-'],
    stdin: JSON.stringify(object),
  }),

  /** Creates an object that must not exist yet, and prints the result. */
  createNew: (access: KubeAccess, object: object): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'create', '-f', '-', '--output=json'],
    stdin: JSON.stringify(object),
  }),

  /**
   * Replaces the object identified by `uid` and `resourceVersion`, and prints the result. With both it is refused if
   * the object was changed or deleted; without `uid` a deleted Lease is created again (observed with 1.34).
   */
  replace: (access: KubeAccess, object: object): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'replace', '-f', '-', '--output=json'],
    stdin: JSON.stringify(object),
  }),

  /** Only if it still has this version, which `kubectl delete TYPE NAME` cannot express. */
  removeVersion: (access: KubeAccess, path: string, resourceVersion: string): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'delete', `--raw=${path}`, '-f', '-'],
    stdin: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } }),
  }),

  mergePatch: (access: KubeAccess, ref: KubeRef, patch: object): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'patch', ...target(ref), '--type=merge', `--patch=${JSON.stringify(patch)}`],
  }),

  /** Each object needs `apiVersion`, `kind` and `metadata` with its name. */
  mergePatchAll: (access: KubeAccess, objects: readonly object[], patch: object): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'patch', '-f', '-', '--type=merge', `--patch=${JSON.stringify(patch)}`],
    stdin: list(objects),
  }),

  /** Does not wait: callers check that it is gone. */
  remove: (access: KubeAccess, ref: KubeRef): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'delete', ...target(ref), '--ignore-not-found', '--wait=false'],
  }),

  /** Deletes an object but not its dependents, e.g. a StatefulSet without its pods. */
  removeOrphaning: (access: KubeAccess, ref: KubeRef): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'delete', ...target(ref), '--ignore-not-found', '--cascade=orphan'],
  }),

  /** Runs a program in a container; what it prints is this command's output. */
  exec: (access: KubeAccess, { pod, namespace, container }: PodContainer, argv: readonly string[]): Command => ({
    tool: 'kubectl',
    args: [
      ...flags(access),
      'exec',
      positional(pod),
      `--namespace=${namespace}`,
      `--container=${container}`,
      '--',
      ...argv,
    ],
  }),

  /** The last lines of a container; `previous`: of the one before it, which ended. */
  logs: (access: KubeAccess, { pod, namespace, container }: PodContainer, previous: boolean): Command => ({
    tool: 'kubectl',
    args: [
      ...flags(access),
      'logs',
      positional(pod),
      `--namespace=${namespace}`,
      `--container=${container}`,
      '--tail=50',
      ...(previous ? ['--previous'] : []),
    ],
  }),

  /** One context of the user's own kubeconfig, with the contents of the files it references; contains secrets. */
  viewContext: (context: string): Command => ({
    tool: 'kubectl',
    args: ['config', 'view', '--raw', '--minify', '--flatten', `--context=${context}`, '--output=json'],
  }),

  /** Reads a path of the API itself, e.g. `/readyz`. */
  raw: (access: KubeAccess, path: string): Command => ({
    tool: 'kubectl',
    args: [...flags(access), 'get', `--raw=${path}`],
  }),
} as const;

function flags(access: KubeAccess): readonly string[] {
  return [`--kubeconfig=${access.kubeconfig}`, `--context=${access.context}`, requestTimeout];
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

function list(objects: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
}
