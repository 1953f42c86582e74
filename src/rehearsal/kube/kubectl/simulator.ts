/** The simulated kubectl 1.34.4: reads and changes the simulated APIs by the product's argv. */

import { type Arguments, readArguments, unmodelled } from '../../arguments.js';
import type { ToolProcess, ToolSimulator } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { openApi } from '../access/access.js';
import { printedRefusal, Refusal } from '../api-server/refusal.js';
import { settleApis } from '../settle.js';
import { applyObjects, createFromStdin } from './apply.js';
import { viewConfig } from './config-view.js';
import { getObjects, getRaw, listTypes, printJson } from './get.js';
import { patchObject, patchObjects } from './patch.js';
import { removeObjects, removeVersion } from './remove.js';
import { replaceFromStdin } from './replace.js';

/** One verb against an open API; answers the exit status. */
export type Verb = (process: ToolProcess, api: ApiState, args: Arguments) => number;

const verbs: Readonly<Record<string, Verb>> = {
  get: (process, api, args) => (args.has('raw') ? getRaw(process, args) : getObjects(process, api, args)),
  'api-resources': listTypes,
  apply: applyObjects,
  create: createFromStdin,
  patch: (process, api, args) =>
    args.has('filename') ? patchObjects(process, api, args) : patchObject(process, api, args),
  replace: replaceFromStdin,
  delete: (process, api, args) =>
    args.has('raw') ? removeVersion(process, api, args) : removeObjects(process, api, args),
};

const expected = {
  values: 'kubeconfig context request-timeout output namespace selector type patch wait cascade raw namespaced verbs',
  switches: 'ignore-not-found all-namespaces client',
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
  const args = readArguments('kubectl', process, process.args, expected);
  const [verb = ''] = args.positional;
  if (verb === 'version' && args.has('client') && args.value('output') === 'json') {
    printJson(process, clientVersion, 2);
    return 0;
  }
  const run = verbs[verb];
  if (run === undefined || !args.has('kubeconfig') || !args.has('context')) throw unmodelled('kubectl', process);
  try {
    const { api } = await openApi(process, args.value('kubeconfig'), args.value('context'));
    const status = run(process, api, args);
    settleApis(process.simulation);
    return status;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    for (const line of printedRefusal(thrown).split('\n')) process.err(line);
    return 1;
  }
};
