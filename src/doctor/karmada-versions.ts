/** Whether the installed Karmada, the agents of pull members and kubectl-karmada have one version. */

import { accessFleet } from '../access/fleet-access.js';
import type { Clients } from '../clients/clients.js';
import { okUnless, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Member } from '../fleet/fleet.js';
import {
  agentPods,
  agentVersionIn,
  installedVersions,
  type KarmadaVersions,
  versionDrift,
} from '../status/karmada-versions.js';
import type { Call } from '../tools/run.js';
import type { DoctorSubject } from './fleet-checks.js';

/** Nothing while no Karmada is installed. A member that does not respond is left out: `status` tells why. */
export async function checkVersions(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  tool: string | undefined,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const pulled = fleet.members.filter(({ mode }) => mode === 'pull');
  const { apis } = await accessFleet(clients, { ...fleet, members: pulled, former: [] }, paths, call);
  const parent = apis.get('parent');
  const installed = parent === undefined ? [] : await installedVersions(clients, parent, call);
  if (installed.length === 0) return [];
  const agents = await agentsOf(clients, pulled, apis, call);
  const drift = versionDrift({ installed, tool, agents }).map(warning);
  const also = [...agents.keys()].map((name) => `the agent of ${name}`);
  const parts = [...(tool === undefined ? [] : ['kubectl-karmada']), ...also];
  return okUnless(drift, `Karmada ${installed.join(', ')} is installed${same(parts)}`);
}

function same(parts: readonly string[]): string {
  return parts.length === 0 ? '' : `, the version of ${parts.join(' and ')} too`;
}

async function agentsOf(
  clients: Clients,
  members: readonly Member[],
  apis: ReadonlyMap<string, Parameters<typeof agentPods>[1]>,
  call: Call,
): Promise<KarmadaVersions['agents']> {
  const asked = members.map(async ({ name }) => {
    const access = apis.get(name);
    const version = access && agentVersionIn(await agentPods(clients, access, call));
    return version === undefined ? [] : [[name, version] as const];
  });
  const answers = await Promise.allSettled(asked);
  return new Map(answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])));
}
