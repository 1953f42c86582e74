/** Whether failover is as configured, and what it would do to workloads with data. */

import { accessParent } from '../access/cluster-access.js';
import { accessKarmada } from '../access/fleet-access.js';
import type { Clients } from '../clients/clients.js';
import { ok, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import { failoverTaint, isOff, readFailover, whatLacks } from '../status/failover-state.js';
import { movableWithData } from '../status/stateful.js';
import type { Call } from '../tools/run.js';
import type { DoctorSubject } from './fleet-checks.js';

/** Nothing before there is a Karmada that answers. */
export async function checkFailover(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const { karmada } = parent === undefined ? {} : await accessKarmada(clients, fleet, paths, parent, call);
  if (parent === undefined || karmada === undefined) return [];
  const { failover } = fleet;
  const wanted = failover?.enabled ? failover.after : undefined;
  const found = await readFailover(clients, { parent, karmada }, wanted, call);
  if (found === undefined) return [];
  if (isOff(found) && wanted === undefined)
    return [ok('failover is off: when a member is lost, nothing moves; --failover turns it on')];
  const lacks = whatLacks(found);
  if (lacks.length > 0)
    return [
      warning({
        what: 'failover is not complete',
        why: lacks.join(', '),
        next: [fleetCommand('up --failover', fleet)],
      }),
    ];
  const withData = await movableWithData(clients, karmada, call);
  return [ok(`failover is on: after ${found.after}`), ...(withData.length === 0 ? [] : [losesData(withData)])];
}

function losesData(names: readonly string[]): Diagnostic {
  return warning({
    what: 'failover moves workloads with data, but not their data',
    why: names.slice(0, 6).join(', ') + (names.length > 6 ? `, and ${names.length - 6} more` : ''),
    next: [`to keep them where they are, let their policy tolerate ${failoverTaint.key}:${failoverTaint.effect}`],
  });
}
