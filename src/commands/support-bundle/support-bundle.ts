/** `support-bundle`: one file to attach to a report, with everything known about a fleet and no secrets. */

import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { withFormer } from '../../fleet/fleet.js';
import type { FleetRef } from '../../fleet/paths.js';
import { resolveFleet } from '../../fleet/resolve.js';
import { noOptions } from '../../options/read-options.js';
import { readRecord } from '../../ownership/fleet-record.js';
import { upOf } from '../../state/find-fleet.js';
import { review } from '../shared/planned-run.js';
import { prepareUp } from '../shared/prepare-up.js';
import { type RequestOptions, resolveFleetRef } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { packRedacted } from './bundle.js';
import { asJson, gatherSupport, supportPart } from './gather-support.js';

export async function supportBundle(session: Session, options: RequestOptions): Promise<number> {
  const { clients, ui, version } = session;
  const { clock, environment, files } = clients.world;
  const ref = await resolveFleetRef(session, options);
  ui.note('inspecting the fleet; this takes up to a minute');
  const parts = [
    await supportPart('plan.json', () => planOf(session, ref)),
    ...(await gatherSupport(clients, ref, version, callOf(session))),
  ];
  const now = clock.now();
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '');
  const folder = `karmada-eks-support-${ref.name}-${time}Z`;
  const file = `${environment.workingDir}/${folder}.tar.gz`;
  await files.writeBytes(file, await packRedacted(folder, parts, now));
  ui.showTable({
    name: 'parts',
    columns: ['bytes', 'part'],
    rows: parts.map(({ name, text }) => {
      const bytes = Buffer.byteLength(text);
      return [{ text: String(bytes), value: bytes }, name];
    }),
  });
  ui.print(`\n${file}`);
  ui.note('secrets removed; account ID, names and addresses remain: review before sharing');
  ui.data('support-bundle', { file, parts: parts.map(({ name }) => name) });
  return ExitCode.ok;
}

/** What `up` would do now with the fleet as it is recorded; nothing is asked. */
async function planOf(session: Session, ref: FleetRef): Promise<string> {
  const record = await readRecord(session.clients.world.files, ref.paths);
  if (record === undefined) {
    throw new Problem('fleet-not-found', {
      what: `no local record of fleet ${ref.name} to plan from`,
      next: ['set another fleet or region: --fleet, --region', `or create it: ${upOf(ref)}`],
    });
  }
  const known = { ...ref, request: record.request };
  const prepared = await prepareUp(session, { fleet: withFormer(resolveFleet(record.request)), known }, noOptions);
  await review(session, prepared);
  const warnings = prepared.facts.warnings.map(({ what }) => `warning: ${what}`);
  const steps = prepared.planned.map(({ step, state, changes, commands, note }) => ({
    id: step.id,
    state,
    note,
    changes,
    commands,
  }));
  return asJson({ warnings, steps });
}
