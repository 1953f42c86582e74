/** The CronJob that backs Karmada up in the parent, its program, and what it may read; and their removal. */
import type { CallContext, Step, StepState } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { backupJob } from '../../../fleet/backup-job.js';
import { fleetTag } from '../../../fleet/names.js';
import { jsonAs } from '../../../model/json-text.js';
import { configMapVerdict } from '../../../ownership/object-ownership.js';
import type { Verdict } from '../../../ownership/ownership.js';
import { backupJobLabel, cronJobRef, scheduleAnnotation, scheduleNote } from '../../../state/backup-schedule.js';
import { kubectlCommands } from '../../../tools/kubectl/commands.js';
import { anyObject, configMap, roleBinding } from '../../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../../context.js';
import { isOwnParent, verdictIn, whyLeft } from '../../karmada/parent-parts.js';
import { hasBackupRole, removeBackupRole, roleRemoval } from './add-backup-role.js';
import { changedParts, wantedParts } from './changed-note.js';
import { differences } from './differences.js';
import { type AppliedObject, programObject, scheduleObjects } from './schedule-objects.js';
import { noteOf, programFiles, programName, type WantedSchedule } from './wanted-schedule.js';

/** The CronJob is the last to go: it tells that there was a schedule. */
const refs = [
  { kind: 'rolebindings.rbac.authorization.k8s.io', ...backupJob },
  { kind: 'roles.rbac.authorization.k8s.io', ...backupJob },
  { kind: 'serviceaccounts', ...backupJob },
  cronJobRef,
] as const;

const programs = {
  kind: 'configmaps',
  namespace: backupJob.namespace,
  selector: `app=${backupJobLabel.app}`,
} as const;

export function scheduleBackups(context: FleetContext, wanted: WantedSchedule): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const note = noteOf(context, wanted);
  const objects = scheduleObjects(context, note);
  return {
    id: 'schedule-backups',
    title: 'schedule backups',
    scope: 'parent',
    expectedMs: seconds(5),
    preview: () => ({
      changes: [
        `CronJob ${backupJob.namespace}/${backupJob.name}`,
        ...wantedParts(note),
        `ConfigMap ${note.program} with its program, and a Role that reads the fleet’s description`,
      ],
      commands: [
        kubectlCommands.create(access, programObject(context, note.program, {})),
        kubectlCommands.apply(access, objects),
      ],
    }),
    preflight: (call) => foreignIn(context, call),
    check: async (call) => {
      const problem = await foreignIn(context, call);
      if (problem !== undefined) return { state: 'blocked', problem };
      const [cron, ...others] = await Promise.all(appliedRefs.map((ref) => kubectl.get(access, ref, anyObject, call)));
      if (cron === undefined) return { state: 'absent' };
      const before = jsonAs(scheduleNote, cron.metadata.annotations?.[scheduleAnnotation]);
      const told = before === undefined ? wantedParts(note) : changedParts(before, scheduleNote.parse(note));
      const hasProgram = (await ownPrograms(context, call)).includes(note.program);
      const found = [...others, cron];
      // Compared with what was made: what the note changes is told by it.
      const made = before === undefined ? objects : scheduleObjects(context, before);
      const missing = [
        ...told,
        ...made.flatMap((object, index) => brokenIn(object, found[index])),
        ...(hasProgram || told.length > 0 ? [] : [`ConfigMap ${note.program} with its program is missing`]),
      ];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      const problem = await foreignIn(context, call);
      if (problem !== undefined) throw problem;
      const data = programFiles(context, wanted);
      await kubectl.createNew(access, programObject(context, note.program, data), anyObject, call);
      await removeOtherBinding(context, call);
      const now = new Date(context.clients.world.clock.now()).toISOString();
      await kubectl.apply(access, scheduleObjects(context, note, now), call);
      await removePrograms(context, note.program, call);
    },
  };
}

/** Named as what is applied, in its order. */
const appliedRefs = [cronJobRef, refs[2], refs[1], refs[0]] as const;

function brokenIn(wanted: AppliedObject, found: object | undefined): readonly string[] {
  if (found === undefined) return [`${wanted.kind} ${backupJob.name} is missing`];
  return differences(wanted, found).map((each) => `${wanted.kind} ${backupJob.name}: ${each}`);
}

/** The role of a binding can never be changed (Kubernetes, RBAC, `roleRef`): one that somebody has made anew goes first. */
async function removeOtherBinding(context: FleetContext, call: CallContext): Promise<void> {
  const { kubectl } = context.clients;
  const found = await kubectl.get(parentAccess(context), refs[0], roleBinding, call);
  if (found === undefined || found.roleRef.name === backupJob.name) return;
  await kubectl.remove(parentAccess(context), refs[0], call);
}

/** What has the names of the fleet's things and is not surely its own. */
async function foreignIn(context: FleetContext, call: CallContext): Promise<Problem | undefined> {
  const verdicts = await Promise.all(refs.map(async (ref) => ({ ref, verdict: await verdictIn(context, ref, call) })));
  const foreign = verdicts.find(({ verdict }) => verdict !== undefined && verdict.whose !== 'ours');
  if (foreign?.verdict === undefined) return undefined;
  const { kind, namespace, name } = foreign.ref;
  return new Problem('backup-schedule-foreign', {
    what: `${kind} ${namespace}/${name} in ${context.fleet.parent.cluster} is not known to be this fleet’s; nothing was changed`,
    why: foreign.verdict.evidence,
    next: ['rename or delete it, if nobody needs it', 'then run the same command again'],
  });
}

/** Those that have the fleet's label, and a name that tells exactly what is in them; not the one that is in use. */
async function removePrograms(context: FleetContext, inUse: string | undefined, call: CallContext): Promise<void> {
  const { kubectl } = context.clients;
  for (const name of (await ownPrograms(context, call)).filter((each) => each !== inUse))
    await kubectl.remove(parentAccess(context), { kind: 'configmaps', name, namespace: backupJob.namespace }, call);
}

async function ownPrograms(context: FleetContext, call: CallContext): Promise<readonly string[]> {
  const found = await context.clients.kubectl.list(parentAccess(context), programs, configMap, call);
  return found.flatMap(({ metadata: { name, labels }, data = {} }) => {
    const proof = programName(data) === name ? 'its contents' : undefined;
    return configMapVerdict(context.fleet.id, labels?.[fleetTag], { proof }).whose === 'ours' ? [name] : [];
  });
}

/** Backups stay where they are. A role in a parent that is deleted goes with it. */
export function unscheduleBackups(context: FleetContext, { parentGoes }: { readonly parentGoes: boolean }): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const withRole = !(parentGoes && isOwnParent(context));
  return {
    id: 'undo/schedule-backups',
    title: 'remove the schedule of backups',
    scope: 'parent',
    expectedMs: withRole ? minutes(1) : seconds(5),
    preview: () => ({
      changes: [`CronJob ${backupJob.namespace}/${backupJob.name}, its program and its role; the backups stay`],
      commands: [
        ...(withRole ? [roleRemoval(context)] : []),
        ...refs.map((ref) => kubectlCommands.remove(access, ref)),
      ],
    }),
    check: async (call): Promise<StepState> => {
      const verdicts = await verdictsOf(context, call);
      const left = await Promise.all([ownPrograms(context, call), withRole ? hasBackupRole(context) : false]);
      const isLeft = verdicts.some((each) => each?.whose === 'ours') || left[0].length > 0 || left[1];
      return isLeft
        ? { state: 'absent' }
        : { state: 'ready', ...whyLeft(`CronJob ${backupJob.name}`, verdicts.at(-1)) };
    },
    apply: async (call) => {
      if (withRole) await removeBackupRole(context, call);
      await removePrograms(context, undefined, call);
      for (const ref of refs)
        if ((await verdictIn(context, ref, call))?.whose === 'ours') await kubectl.remove(access, ref, call);
    },
  };
}

/** Whether anything of scheduled backups is left for `unscheduleBackups`, also where the CronJob is gone. */
export async function hasScheduleParts(context: FleetContext, call: CallContext): Promise<boolean> {
  return (await unscheduleBackups(context, { parentGoes: true }).check(call)).state !== 'ready';
}

async function verdictsOf(context: FleetContext, call: CallContext): Promise<readonly (Verdict | undefined)[]> {
  return await Promise.all(refs.map((ref) => verdictIn(context, ref, call)));
}
