/** The simulated kubectl 1.34.4: reads and changes the simulated APIs by the product's argv. */

import { type Arguments, type Expected, readArguments, unmodelled } from '../../arguments.js';
import type { ToolProcess, ToolSimulator } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { openApi } from '../access/access.js';
import { againstApis } from '../against-apis.js';
import { applyObjects, createFromStdin } from './apply.js';
import { approveCertificate } from './certificate.js';
import { viewConfig } from './config-view.js';
import { forwardEtcd } from './etcd-gateway.js';
import { execEtcdctl, printLogs } from './etcdctl.js';
import { getObjects, getRaw, listTypes, printJson } from './get.js';
import { patchObject, patchObjects } from './patch.js';
import { removeObjects, removeVersion } from './remove.js';
import { replaceFromStdin } from './replace.js';

/** One verb against an open API; answers the exit status. `rest`: what follows `--`. */
type Act = (process: ToolProcess, api: ApiState, args: Arguments, rest: readonly string[]) => number | Promise<number>;

interface Verb extends Expected {
  readonly act: Act;
}

const target = 'namespace selector';

const verbs: Readonly<Record<string, Verb>> = {
  get: {
    values: `${target} output raw`,
    switches: 'ignore-not-found all-namespaces',
    act: (process, api, args) => (args.has('raw') ? getRaw(process, args) : getObjects(process, api, args)),
  },
  'api-resources': { values: 'output namespaced verbs', act: listTypes },
  apply: { act: applyObjects },
  create: { values: 'output', act: createFromStdin },
  patch: {
    values: `${target} type patch`,
    act: (process, api, args) =>
      args.has('filename') ? patchObjects(process, api, args) : patchObject(process, api, args),
  },
  certificate: { act: approveCertificate },
  replace: { values: 'output dry-run validate', act: replaceFromStdin },
  exec: { values: 'namespace container', act: execEtcdctl },
  'port-forward': { values: 'namespace', needed: 'address=127.0.0.1', act: forwardEtcd },
  logs: { values: 'namespace container tail', switches: 'previous', act: printLogs },
  delete: {
    values: `${target} wait raw`,
    switches: 'ignore-not-found',
    act: (process, api, args) =>
      args.has('raw') ? removeVersion(process, api, args) : removeObjects(process, api, args),
  },
};

const clientVersion = {
  clientVersion: {
    major: '1',
    minor: '34',
    gitVersion: 'v1.34.4',
    gitTreeState: 'clean',
    compiler: 'gc',
    platform: 'linux/amd64',
  },
  kustomizeVersion: 'v5.7.1',
};

export const kubectlSimulator: ToolSimulator = async (process) => {
  if (process.args[0] === 'config') return viewConfig(process);
  const [name = ''] = process.args.filter((arg) => !arg.startsWith('-'));
  if (name === 'version') {
    readArguments('kubectl', process, process.args, { needed: 'client=true output=json', switches: 'client' });
    printJson(process, clientVersion, 2);
    return 0;
  }
  const verb = verbs[name];
  if (verb === undefined) throw unmodelled('kubectl', process);
  const { values = '', needed = '', act, ...expected } = verb;
  const end = process.args.indexOf('--');
  const own = end < 0 ? process.args : process.args.slice(0, end);
  const args = readArguments('kubectl', process, own, {
    ...expected,
    values: `${values} request-timeout`,
    needed: `${needed} kubeconfig context`,
  });
  return await againstApis(process, async () => {
    const { api } = await openApi(process, args.value('kubeconfig'), args.value('context'));
    return act(process, api, args, end < 0 ? [] : process.args.slice(end + 1));
  });
};
