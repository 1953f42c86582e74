/** Writes what a backup holds into Karmada's etcd, in place of what is there; nothing else reads or writes it meanwhile. */

import type { StoredKey } from '../../backup/etcd/etcd-file.js';
import { readyMember } from '../../backup/etcd/save-snapshot.js';
import type { OpenedBackup } from '../../backup/opened-backup.js';
import { type HeldBack, heldBack } from '../../backup/restore/held-back.js';
import { isCredential, restoredKeys } from '../../backup/restore/restored-keys.js';
import type { Clients } from '../../clients/clients.js';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { markRestoring, readRestoring } from '../../state/restoring.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { forwardedGateway, type Gateway } from '../../tools/etcd/gateway.js';
import { countKeys, isFull, listKeys, readKeys, replaceKeys } from '../../tools/etcd/gateway-write.js';
import { type KubeAccess, kubectlCommands } from '../../tools/kubectl/commands.js';
import type { Call } from '../../tools/run.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { compareMembers, type MemberChange } from './compare-members.js';

/** What is needed besides the fleet. */
export interface WrittenBackup {
  readonly backup: OpenedBackup;
  /** How to talk to the members, by name. */
  readonly apis: ReadonlyMap<string, KubeAccess>;
  /** What the present knows and the backup does not, one line each: it is lost from Karmada. Undefined: Karmada is new, and nothing is. */
  readonly loses: readonly string[] | undefined;
  /** Whether a restore that was interrupted is resumed; if not, a mark that is there is of one that is over. */
  readonly resumes: boolean;
  /** Is told what was held back. */
  readonly tell: (held: HeldBack, changes: readonly MemberChange[]) => void;
}

const clientPort = 2379;

export function writeEtcd(context: FleetContext, written: WrittenBackup): Step {
  const { clients, fleet } = context;
  const { backup, loses, resumes, tell } = written;
  const access = parentAccess(context);
  let wrote = false;
  const isWritten = async (call: CallContext): Promise<boolean> => {
    const mark = await readRestoring(clients, access, call);
    return (resumes || wrote) && mark?.sha256 === backup.manifest.etcd.sha256 && mark.isWritten;
  };
  return {
    id: 'write-etcd',
    title: `restore Karmada’s data of ${backup.manifest.madeAt}`,
    scope: 'parent',
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`${backup.etcd.keys.length} keys in etcd, in place of those that are there`],
      commands: [kubectlCommands.portForward(access, '<member of etcd>', karmadaNamespace, clientPort)],
    }),
    check: async (call) => ({ state: (await isWritten(call)) ? 'ready' : 'absent' }),
    destroys: async (call) => {
      if (loses !== undefined && (await isWritten(call))) return [];
      return [...dataOf(fleet.parent.cluster, loses), ...loose(await held(context, written, call))];
    },
    apply: async (call) => {
      const found = await held(context, written, call);
      call.mustBeAgreed([...dataOf(fleet.parent.cluster, loses), ...loose(found)]);
      const mark = await readRestoring(clients, access, call);
      const pod = await serving(context, call);
      await clients.kubectl.withPort(access, portOf(pod), call, async (port) => {
        const etcd = forwardedGateway(clients.world.httpPost, port);
        const present = await listKeys(etcd, call);
        // A token that was rotated since then is not in the backup, and the old one is refused by its member.
        const kept = await readKeys(etcd, present.filter(isCredential), call);
        const keys = restoredKeys(backup.etcd.keys, { held: found.back.keys, kept, present: new Set(present) });
        const tellCount = (count: number): void => call.say(`wrote ${count} of ${keys.length} keys`);
        if (mark !== undefined) await markRestoring(clients, access, { ...mark, isBegun: true }, call);
        await replaceKeys(etcd, keys, { ...call, wrote: tellCount });
      });
      if (mark !== undefined) await markRestoring(clients, access, { ...mark, isBegun: true, isWritten: true }, call);
      wrote = true;
      tell(found.back, found.changes);
    },
  };
}

/** Whether an etcd that serves knows no member: it has lost its data, or never had any. */
export async function hasLostMembers({ clients }: FleetContext, parent: KubeAccess, call: Call): Promise<boolean> {
  const prefix = '/registry/cluster.karmada.io/clusters/';
  return (await ofEtcd(clients, parent, call, (etcd) => countKeys(etcd, call, prefix))) === 0;
}

/** @throws Problem `restore-failed` where etcd would refuse what is written: Karmada is not stopped for that */
export async function refuseFullEtcd({ clients, fleet }: FleetContext, parent: KubeAccess, call: Call): Promise<void> {
  if ((await ofEtcd(clients, parent, call, (etcd) => isFull(etcd, call))) !== true) return;
  throw new Problem('restore-failed', {
    what: `etcd of ${fleet.parent.cluster} is full (alarm NOSPACE) and accepts no writes; nothing was changed`,
    next: [
      'compact and defragment it, and disarm the alarm: etcdctl compaction, defrag and alarm disarm',
      'then run the same command again',
    ],
  });
}

/** What a member of etcd that serves answers; undefined where none does. */
async function ofEtcd<T>(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
  ask: (etcd: Gateway) => Promise<T>,
): Promise<T | undefined> {
  const pod = await readyMember(clients, parent, call);
  if (pod === undefined) return undefined;
  return await clients.kubectl.withPort(parent, portOf(pod), call, (port) =>
    ask(forwardedGateway(clients.world.httpPost, port)),
  );
}

/** Where a pod of etcd serves its gateway. */
function portOf(pod: string) {
  return { pod, namespace: karmadaNamespace, port: clientPort };
}

interface Held {
  readonly back: HeldBack;
  readonly changes: readonly MemberChange[];
}

/** All that would change in a member, and all of members that cannot be asked. */
async function held(context: FleetContext, { backup, apis }: WrittenBackup, call: CallContext): Promise<Held> {
  const changes = await compareMembers(context.clients, apis, backup.etcd.keys, call);
  return { back: heldOf(backup.etcd.keys, changes), changes };
}

/** What is held back where the members differ so. */
export function heldOf(keys: readonly StoredKey[], changes: readonly MemberChange[]): HeldBack {
  const works = changes.filter(({ becomes }) => becomes !== 'made').map(({ work }) => work);
  return heldBack(keys, [...new Set(works)]);
}

function dataOf(parent: string, loses: WrittenBackup['loses']): readonly Destruction[] {
  if (loses === undefined) return [];
  const name = `in ${parent}`;
  return [{ how: 'replace', kind: 'Karmada’s data', name, holds: loses, evidence: 'this fleet', flag: '--confirm' }];
}

/** What belongs to no policy cannot be held back: Karmada changes it as soon as it starts. */
function loose({ back, changes }: Held): readonly Destruction[] {
  return changes
    .filter(({ work, becomes }) => becomes !== 'made' && back.loose.includes(work))
    .map(({ object, member, detail }) => ({
      how: 'replace',
      kind: 'object',
      name: `${object} in ${member}`,
      holds: detail === '' ? [] : [detail],
      evidence: 'Karmada made it',
      flag: '--confirm',
    }));
}

/** A member that serves; its StatefulSet may just be making it anew, with an empty claim. */
async function serving(context: FleetContext, call: CallContext): Promise<string> {
  const patience = {
    everyMs: seconds(2),
    limitMs: minutes(5),
    onTimeout: async () => {
      const problem = new Problem('restore-failed', {
        what: `etcd in ${context.fleet.parent.cluster} does not serve: there is nothing to restore into`,
        next: [
          `find out why: kubectl -n ${karmadaNamespace} describe pods -l app=etcd`,
          'then run the same command again',
        ],
      });
      return await explainedByPods(context.clients, parentAccess(context), problem, call);
    },
  };
  return await waitUntil(context, call, patience, () => readyMember(context.clients, parentAccess(context), call));
}
