/** `kubectl certificate approve NAME`. */

import { type Arguments, unmodelled } from '../../arguments.js';
import { isJson, listAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { builtIn, replaceObject, timestamp } from '../api-server/store.js';
import { findTarget } from './target.js';

/** The words of kubectl 1.34 (pkg/cmd/certificates/certificates.go). */
export function approveCertificate(process: ToolProcess, api: ApiState, args: Arguments): number {
  const [, verb, ...names] = args.positional;
  const [object] = findTarget(process, api, {
    ...args,
    positional: ['get', 'certificatesigningrequests', ...names],
  }).objects;
  if (verb !== 'approve' || object === undefined) throw unmodelled('kubectl', process);
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'KubectlApprove',
    message: 'This CSR was approved by kubectl certificate approve.',
    lastUpdateTime: timestamp(process.simulation.now()),
  };
  const status = isJson(object['status']) ? object['status'] : {};
  const conditions = [...listAt(object, 'status', 'conditions'), condition];
  replaceObject(api, builtIn('certificatesigningrequests'), object, { ...object, status: { ...status, conditions } });
  process.out(`certificatesigningrequest.certificates.k8s.io/${object.metadata.name} approved`);
  return 0;
}
