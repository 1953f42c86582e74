/** The agent in a pull member: when it starts, and only then, it puts its member's Cluster object into Karmada. */

import { wordsIn } from '../../arguments.js';
import { type Json, listAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { serverOf } from '../access/endpoints.js';
import { parseKubeconfig } from '../access/kubeconfig.js';
import { builtIn, createObject, findObject, listObjects } from '../api-server/store.js';
import { writeCredentials, writeMemberRbac } from '../karmada/member-objects.js';
import { elapsed, notedText, notes, type Tick } from '../tick.js';
import { karmadaAt, karmadaNamespace } from './control-plane.js';
import { isRolledOut } from './workloads.js';

/** From a ready agent to its Cluster object (observed with 1.18.2, register: 2–7 s). */
const reportMs = 4_000;

export function settleAgent(tick: Tick, api: ApiState): void {
  const agent = findObject(api, 'deployments', karmadaNamespace, 'karmada-agent');
  if (agent === undefined || notedText(agent, 'registered') !== undefined) return;
  const karmada = karmadaOf(tick, api);
  if (karmada === undefined || !elapsed(tick, agent, 'reportingSince', isRolledOut(agent), reportMs)) return;
  const endpoint = serverOf(tick.simulation, api);
  const wanted = clusterObject(api, {
    name: argument(agent, 'cluster-name'),
    syncMode: 'Pull',
    endpoint,
    provider: argument(agent, 'cluster-provider'),
    region: argument(agent, 'cluster-region'),
    zones: wordsIn(argument(agent, 'cluster-zones'), ','),
  });
  const name = argument(agent, 'cluster-name');
  const id = textAt(wanted, 'spec', 'id');
  const taken = listObjects(karmada, 'clusters', '').some(
    (other) => other.metadata.name === name || textAt(other, 'spec', 'id') === id,
  );
  if (!taken) {
    writeMemberRbac(api, name, tick.at);
    writeCredentials(karmada, name, tick.at);
    createObject(karmada, builtIn('clusters'), wanted, tick.at);
  }
  notes(agent)['registered'] = 'yes';
  tick.wake(tick.at);
}

/** The Karmada that the agent's kubeconfig leads to, while it answers. */
function karmadaOf(tick: Tick, api: ApiState): ApiState | undefined {
  const secret = findObject(api, 'secrets', karmadaNamespace, 'karmada-kubeconfig');
  const text = Buffer.from(textAt(secret, 'data', 'karmada-kubeconfig'), 'base64').toString();
  const server = parseKubeconfig(text)?.clusters[0]?.server;
  const found = server === undefined ? undefined : karmadaAt(tick, server);
  return typeof found === 'string' ? undefined : found?.karmada;
}

function argument(agent: KubeObjectState, name: string): string {
  const command = listAt(agent, 'spec', 'template', 'spec', 'containers', 0, 'command');
  const found = command.find((part) => typeof part === 'string' && part.startsWith(`--${name}=`));
  return typeof found === 'string' ? found.slice(name.length + 3) : '';
}

interface MemberOptions {
  readonly name: string;
  readonly syncMode: 'Push' | 'Pull';
  /** `https://…` of the member's API. */
  readonly endpoint: string;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
}

/** The manifest; a member's id is the uid of its namespace kube-system. */
export function clusterObject(member: ApiState, options: MemberOptions): Json {
  const secretRef = (name: string) => ({ namespace: 'karmada-cluster', name });
  return {
    metadata: { name: options.name },
    spec: {
      syncMode: options.syncMode,
      apiEndpoint: options.endpoint,
      id: clusterId(member),
      secretRef: secretRef(options.name),
      impersonatorSecretRef: secretRef(`${options.name}-impersonator`),
      ...(options.provider === '' ? {} : { provider: options.provider }),
      ...(options.region === '' ? {} : { region: options.region }),
      ...(options.zones.length === 0 ? {} : { zones: [...options.zones] }),
    },
  };
}

export function clusterId(member: ApiState): string {
  return findObject(member, 'namespaces', '', 'kube-system')?.metadata.uid ?? '';
}
