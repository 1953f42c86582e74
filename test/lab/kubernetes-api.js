/** What is compared of a Kubernetes API and of the user's kubeconfig, read with kubectl. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contentsOf, entriesOf } from './audit.js';

const run = promisify(execFile);

/**
 * What changes by itself: events end after an hour, leases are renewed every few seconds, and endpoints follow pods. Nobody keeps
 * anything in them.
 */
const selfChanging = /^(events|leases|endpoints|endpointslices|componentstatuses)(\.|$)/;

/** The kubeconfig with which the lab itself is administrator of a cluster. */
export function adminKubeconfig({ LAB_HOME }, { name, region }) {
  return join(LAB_HOME, 'state/clusters', `${region}.${name}/admin.kubeconfig`);
}

/** `kubectl` with this kubeconfig; `contents` are all objects of all types that can be listed. */
export function kubernetesApi(env, kubeconfig) {
  const kubectl = async (args, stdin = '') => {
    const running = run('kubectl', [`--kubeconfig=${kubeconfig}`, ...args], { env, maxBuffer: 1e9 });
    running.child.stdin.end(stdin);
    return (await running).stdout;
  };
  const listable = async () => {
    const names = (await kubectl(['api-resources', '--verbs=list', '-o', 'name'])).trim().split('\n');
    return names.filter((type) => !selfChanging.test(type)).join();
  };
  // A type that came later is an object itself, a definition or an API service.
  let types;
  return {
    kubeconfig,
    kubectl,
    apply: (objects) => kubectl(['apply', '-f', '-'], JSON.stringify(objects)),
    contents: async () => {
      types ??= listable();
      return contentsOf(JSON.parse(await kubectl(['get', await types, '-A', '-o', 'json'])).items);
    },
  };
}

/** The entries of the user's kubeconfig that are of none of these fleets. */
export async function userEntries(env, fleetIds) {
  const { stdout } = await run('kubectl', ['config', 'view', '--raw', '-o', 'json'], { env });
  return entriesOf(JSON.parse(stdout), fleetIds);
}
