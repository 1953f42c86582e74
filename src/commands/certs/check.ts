/** `certs check`: every certificate of the fleet, where it is, and how long it is still valid. */

import { shortList } from '../../engine/destruction.js';
import { counted } from '../../errors/counted.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { OptionsOf } from '../../options/table.js';
import type { FleetContext } from '../../steps/context.js';
import type { Cell, Table } from '../../ui/ui.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { endingText } from './ending-authorities.js';
import { type CertificateState, type FoundCertificate, type Gathered, gatherCertificates } from './gather.js';

type CheckOptions = RequestOptions & OptionsOf<'output'>;

/** Answers 8 when one has ended, ends soon, or was renewed without having come everywhere. */
export async function certsCheck(session: Session, options: CheckOptions): Promise<number> {
  return await withFleet(session, options, { readOnly: true }, gather, async ({ fleet }, { found, unknown }) => {
    const { ui } = session;
    const now = session.clients.world.clock.now();
    const ok = found.length > 0 && found.every(({ state }) => state === 'ok');
    const report = {
      fleet: fleet.name,
      region: fleet.parent.region,
      ok,
      certificates: found.map((each) => inJson(each, now)),
      unknown,
    };
    if (options.output === 'json') ui.showDocument('json', report);
    else ui.showTable(tableOf(found, now));
    ui.data('certificates', report);
    for (const line of unknown) ui.note(`note: ${line}`);
    const ending = found.filter(({ kind, state }) => kind === 'CA' && state !== 'ok');
    for (const [name, until] of new Map(ending.map(({ certificate, until = now }) => [certificate, until])))
      ui.note(`warning: ${endingText(name, until)}`);
    if (found.some(({ kind, state }) => kind === 'leaf' && state !== 'ok'))
      ui.showNext([{ purpose: 'renew them', command: fleetCommand('certs renew', fleet) }]);
    return ok ? ExitCode.ok : ExitCode.notReady;
  });
}

async function gather({ session, fleet, paths, caller, call, access }: OpenFleet): Promise<Gathered> {
  const reach = await access();
  const context: FleetContext = { fleet, caller, clients: session.clients, paths, ownership: reach.ownership };
  return await gatherCertificates(context, reach, call);
}

const states: Readonly<Record<CertificateState, string>> = {
  ok: 'ok',
  soon: 'expires soon',
  ended: 'expired',
  old: 'older than in karmada-cert',
  unread: 'not read since it was renewed',
};

/** What is the same in several places has one row. */
function tableOf(found: readonly FoundCertificate[], now: number): Table {
  const groups = new Map<string, FoundCertificate[]>();
  for (const each of found) {
    const key = JSON.stringify([each.certificate, each.until, each.state]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return {
    name: 'certificates',
    columns: ['certificate', 'expires', 'left', 'state', 'where'],
    rows: [...groups.values()].map((group): readonly Cell[] => {
      const [first] = group;
      return [
        first?.certificate ?? '',
        first?.until === undefined ? '' : timeOf(first.until),
        first?.until === undefined ? '' : leftOf(first.until - now),
        states[first?.state ?? 'ok'],
        shortList(group.map(({ where }) => where)),
      ];
    }),
  };
}

function inJson({ until, ...found }: FoundCertificate, now: number): object {
  if (until === undefined) return found;
  return { ...found, until: new Date(until).toISOString(), daysLeft: Math.floor((until - now) / 86_400_000) };
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** e.g. `364 days`, `9 minutes`. */
function leftOf(ms: number): string {
  if (ms <= 0) return 'none';
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return counted(minutes, 'minute');
  if (minutes < 48 * 60) return counted(Math.floor(minutes / 60), 'hour');
  return counted(Math.floor(minutes / (24 * 60)), 'day');
}
