/** `kubeconfig`: kubeconfig access to a fleet, also where this machine does not know the fleet. */

import type { FleetAccess } from '../../access/fleet-access.js';
import { type ContextEntry, fleetContexts, wholeKubeconfig } from '../../access/fleet-contexts.js';
import { independent } from '../../engine/pipeline.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaContext } from '../../fleet/names.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { OptionsOf } from '../../options/table.js';
import type { FleetContext } from '../../steps/context.js';
import { mergeableContexts, mergeKubeconfig } from '../../steps/kubeconfig/merge-kubeconfig.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { membersInKarmada } from '../shared/next-steps.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';

type KubeconfigOptions = RequestOptions & OptionsOf<'merge' | 'print' | 'path' | 'switchContext'>;

/** Answers 8 when a context is left out, or of no use now. */
export async function kubeconfig(session: Session, options: KubeconfigOptions): Promise<number> {
  const form = (['merge', 'print'] as const).find((each) => options[each]) ?? 'path';
  return await withFleet(session, options, {}, readContexts, (open, found) =>
    giveContexts(open, found, form, options.switchContext),
  );
}

interface FoundContexts extends Pick<FleetAccess, 'ownership'> {
  readonly contexts: readonly ContextEntry[];
}

async function readContexts({ session, fleet, paths, access }: OpenFleet): Promise<FoundContexts> {
  const reach = await access();
  return { ownership: reach.ownership, contexts: await fleetContexts(session.clients, fleet, paths, reach) };
}

async function giveContexts(
  { session, fleet, paths, caller }: OpenFleet,
  { contexts, ownership }: FoundContexts,
  form: 'merge' | 'print' | 'path',
  switchContext: boolean,
): Promise<number> {
  const { clients, ui } = session;
  if (contexts.every((context) => context.kubeconfig === undefined)) throw unreachable(fleet, contexts);
  for (const { name, kubeconfig: made, trouble } of contexts) {
    if (trouble !== undefined) ui.note(`warning: ${name}${made === undefined ? ' is omitted' : ''}: ${trouble}`);
  }
  if (form === 'merge') {
    const context: FleetContext = { fleet, caller, clients, paths, ownership };
    const code = await merge(session, context, contexts, switchContext);
    if (code !== ExitCode.ok) return code;
    if (contexts.some(({ name, kubeconfig: made }) => name === karmadaContext && made !== undefined))
      ui.showNext([await membersInKarmada(session, fleet, paths)]);
  } else {
    await give(session, form, paths, wholeKubeconfig(contexts));
  }
  return contexts.every(({ trouble }) => trouble === undefined) ? ExitCode.ok : ExitCode.notReady;
}

async function merge(
  session: Session,
  context: FleetContext,
  contexts: readonly ContextEntry[],
  switchContext: boolean,
): Promise<number> {
  const made = new Set(contexts.flatMap(({ name, kubeconfig }) => (kubeconfig === undefined ? [] : [name])));
  const names = mergeableContexts(context).filter((name) => made.has(name));
  const step = mergeKubeconfig(context, { contexts: names, switchContext });
  return exitCodeOf(await executeSteps(session, 'kubeconfig', context.paths, independent([step])));
}

/** This is the only output that shows keys; it is explicitly requested. */
async function give({ clients, ui }: Session, form: 'print' | 'path', paths: FleetPaths, text: string): Promise<void> {
  if (form === 'print') {
    ui.print(text.trimEnd());
    ui.data('kubeconfig', { kubeconfig: JSON.parse(text) as unknown });
    return;
  }
  await clients.world.files.write(paths.wholeKubeconfig, text);
  ui.print(paths.wholeKubeconfig);
  ui.data('kubeconfig', { path: paths.wholeKubeconfig });
}

function unreachable(fleet: Fleet, contexts: readonly ContextEntry[]): Problem {
  return new Problem('cluster-unreachable', {
    what: `no cluster of fleet ${fleet.name} can be reached, so there is no kubeconfig to write`,
    why: contexts.map(({ name, trouble }) => `${name}: ${trouble ?? 'not found'}`).join('; '),
    next: [`check it: ${fleetCommand('status', fleet)}`, `repair it: ${fleetCommand('up', fleet)}`],
  });
}
