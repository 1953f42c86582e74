/** `eksctl create iamidentitymapping` (0.230.0): writes `aws-auth` in the cluster. */
import { apiKey } from '../account/nodes.js';
import { keyOfRegion } from '../account/other-accounts.js';
import { builtIn, createObject, findObject } from '../kube/api-server/store.js';
import type { ApiState, KubeObjectState, Moment } from '../state.js';
import type { Place } from './addons.js';
import { EksctlFailure, type Run } from './run.js';

/** A mapping of `aws-auth`, as the ConfigMap writes it. */
export interface IdentityMapping {
  readonly arn: string;
  readonly username: string;
  readonly group: string;
}

/** Adds a principal to `aws-auth`, once (`--no-duplicate-arns`); a second time is refused as a duplicate. */
export function createIdentityMapping(run: Run, place: Place, mapping: IdentityMapping): void {
  const { simulation } = run;
  const api = simulation.state.apis[apiKey(keyOfRegion(simulation, place.region), place.name)];
  if (api === undefined) throw new EksctlFailure(`cluster "${place.name}" not found`);
  const field = mapping.arn.includes(':role/') ? 'mapRoles' : 'mapUsers';
  const configMap = findObject(api, 'configmaps', 'kube-system', 'aws-auth') ?? newAwsAuth(api, simulation.now());
  const data = configMap['data'] as Record<string, string>;
  const subject = field === 'mapRoles' ? 'rolearn' : 'userarn';
  const entry = `- groups:\n  - ${mapping.group}\n  ${subject}: ${mapping.arn}\n  username: ${mapping.username}\n`;
  if (data[field]?.includes(entry)) return;
  if (data[field]?.includes(`${mapping.arn}\n`)) {
    throw new EksctlFailure(`found existing mapping with the same arn "${mapping.arn}" and shadowing is disabled`);
  }
  data[field] = `${data[field] ?? ''}${entry}`;
}

function newAwsAuth(api: ApiState, now: Moment): KubeObjectState {
  const metadata = { name: 'aws-auth', namespace: 'kube-system' };
  return createObject(api, builtIn('configmaps'), { metadata, data: {} }, now);
}
