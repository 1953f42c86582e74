/** `status`: the current state of the fleet, once, until it is Ready, or repeatedly. */

import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { OptionsOf } from '../../options/table.js';
import { type FleetStatus, fleetStatus, readOnce } from '../../status/fleet-status.js';
import type { Results } from '../../ui/ui.js';
import { drawingOf, memberRows, reasonsOf, wideTables } from '../shared/fleet-drawing.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { everyMs, watchStatus } from '../shared/watch-status.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';

type StatusOptions = RequestOptions & OptionsOf<'statusOutput' | 'wait' | 'timeout' | 'watch'>;

type Format = StatusOptions['statusOutput'];

export async function status(session: Session, options: StatusOptions): Promise<number> {
  return await withFleet(session, options, { readOnly: true }, statusReader, (_, look) =>
    showStatus(session, look, options),
  );
}

async function showStatus(
  session: Session,
  look: () => Promise<FleetStatus>,
  { statusOutput: format, wait: waits, watch: watches, timeout: { text: limit, ms: limitMs } }: StatusOptions,
): Promise<number> {
  if (!waits && !watches) {
    const found = await look();
    show(session, found, format);
    return found.ready ? ExitCode.ok : ExitCode.notReady;
  }
  const looking = { look, untilReady: waits, limitMs: waits ? limitMs : Number.POSITIVE_INFINITY };
  const onFound = watches ? onScreen(session, format) : reasonTeller(session);
  const found = await watchStatus(session, { ...looking, onFound }).catch((thrown: unknown) => {
    // Ctrl-C is how a watch ends, but a wait has then not come to its end.
    if (!waits && thrown instanceof Problem && thrown.code === 'interrupted') return undefined;
    throw waits && thrown instanceof Problem && thrown.exitCode === ExitCode.failed ? unseen(thrown, limit) : thrown;
  });
  if (found === undefined) return ExitCode.ok;
  if (!watches) show(session, found, format);
  if (!found.ready) throw notReady(found, limit);
  return ExitCode.ok;
}

/** The fleet is found once; each later status is read again. */
async function statusReader({ session, fleet, paths, call }: OpenFleet): Promise<() => Promise<FleetStatus>> {
  const { clients } = session;
  const once = readOnce(clients, call);
  return () => clients.withReadCache(() => fleetStatus(clients, fleet, paths, call, once));
}

/** Shows each status in place of the one before; where that cannot be done, only what changed. */
function onScreen(session: Session, format: Format): (found: FleetStatus) => void {
  const { ui, clients } = session;
  let before = '';
  return (found) => {
    const now = JSON.stringify(found);
    const time = new Date(clients.world.clock.now()).toISOString().slice(0, 19);
    if (now !== before) tell(session, found);
    if (now !== before || ui.screen.redraws) {
      ui.screen.show((results) => {
        const isData = format === 'json' || format === 'yaml';
        if (!isData) results.print(`${time}Z${ui.screen.redraws ? ` · every ${everyMs / 1000} s, until Ctrl-C` : ''}`);
        draw(results, found, format);
      });
    }
    before = now;
  };
}

/** Reports on stderr why a wait continues, whenever the reasons change. */
function reasonTeller({ ui }: Session): (found: FleetStatus) => void {
  let told = '';
  return (found) => {
    const reasons = reasonsOf(found).join('; ');
    if (reasons !== told && reasons !== '') ui.note(`not Ready yet: ${reasons}`);
    told = reasons;
  };
}

function show(session: Session, found: FleetStatus, format: Format): void {
  draw(session.ui, found, format);
  tell(session, found);
}

function draw(results: Results, found: FleetStatus, format: Format): void {
  if (format === 'json' || format === 'yaml') results.showDocument(format, found);
  else results.showTopology(drawingOf(found));
  if (format !== 'wide') return;
  for (const table of wideTables(found)) {
    results.print('');
    results.showTable(table);
  }
}

/** The same as data, for `--json`. */
function tell({ ui }: Session, found: FleetStatus): void {
  ui.data('members', { rows: memberRows(found) });
  ui.data('status', { ...found });
}

function notReady(found: FleetStatus, limit: string): Problem {
  return new Problem('fleet-not-ready', {
    what: `fleet ${found.fleet} did not become Ready within ${limit}`,
    why: reasonsOf(found).join('; '),
    next: ['wait longer: --timeout', `or repair it: ${fleetCommand('up', { name: found.fleet, parent: found })}`],
  });
}

/** It is unknown whether the fleet is Ready: for a waiting script this is the same as not Ready. */
function unseen(problem: Problem, limit: string): Problem {
  const { message, why, next } = problem;
  return new Problem('fleet-not-ready', {
    what: `the fleet did not become Ready within ${limit}: ${message}`,
    ...(why === undefined ? {} : { why }),
    next,
    cause: problem,
  });
}
