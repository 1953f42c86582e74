/** `status`: the fleet as it is now. */
import { findFleet } from '../../discover/find-fleet.js';
import { type FleetStatus, fleetStatus } from '../../discover/fleet-status.js';
import { unhealthy } from '../../discover/karmada-health.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { type Parsed, wantsJson } from '../run-options.js';
import { callOf, type Session } from '../session.js';
import { wantedIdentity } from '../what-was-said.js';

export async function status(session: Session, parsed: Parsed): Promise<number> {
  const { clients, ui } = session;
  const json = wantsJson(parsed);
  const identity = await wantedIdentity(session, parsed);
  const { account } = await clients.whoCalls(identity.region);
  const fleet = await findFleet(clients, { ...identity, account }, identity.paths, callOf(session));
  const found = await fleetStatus(clients, fleet, identity.paths, callOf(session));
  if (json) ui.print(JSON.stringify(found, undefined, 2));
  else show(session, found);
  ui.data('status', { ...found });
  return found.ready ? ExitCode.ok : ExitCode.notReady;
}

function show({ ui }: Session, found: FleetStatus): void {
  const { controlPlane } = found;
  ui.print(`fleet ${found.fleet} in ${found.region}: ${found.ready ? 'Ready' : 'not Ready'}\n`);
  ui.print(clusterLines(found));
  ui.print(`\nKarmada API  ${controlPlane.server ?? 'none'}${controlPlane.answers ? '' : ' (does not answer)'}`);
  ui.print(`open to      ${controlPlane.sourceRanges.join(', ') || 'nobody'}`);
  const wrong = unhealthy(controlPlane.components);
  ui.print(
    `components   ${wrong.length === 0 && controlPlane.components.length > 0 ? 'all ready' : wrong.join('; ') || 'none'}`,
  );
  if (controlPlane.certificatesEnd !== undefined) {
    ui.print(`certificates end on ${day(controlPlane.certificatesEnd)}, the CA on ${day(controlPlane.caEnds)}`);
  }
  ui.print('');
  ui.showTable({
    name: 'members',
    columns: ['member', 'mode', 'region', 'version', 'ready', 'why'],
    rows: found.members.map(({ name, mode, region, kubernetesVersion, ready, why }) => [
      name,
      mode,
      region,
      kubernetesVersion ?? '',
      ready ? 'True' : 'False',
      why ?? '',
    ]),
  });
}

function clusterLines({ clusters }: FleetStatus): string {
  return clusters
    .map(({ name, role, region, status: is, kubernetesVersion, nodes, nodesReady }) => {
      const counted = nodes === undefined ? '' : `, ${nodesReady} of ${nodes} nodes ready`;
      return `${role.padEnd(7)} ${name} in ${region}: ${is}${kubernetesVersion === undefined ? '' : ` ${kubernetesVersion}`}${counted}`;
    })
    .join('\n');
}

function day(iso: string | undefined): string {
  return iso?.slice(0, 10) ?? 'an unknown day';
}
