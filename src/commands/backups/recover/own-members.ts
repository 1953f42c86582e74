/** Which members of a backup are still the fleet's, and answer: the others are left as they are. */
import pMap from 'p-map';
import { keyOf, objectIn } from '../../../backup/etcd/karmada-objects.js';
import type { OpenedBackup } from '../../../backup/opened-backup.js';
import type { CallContext } from '../../../engine/step.js';
import type { Member } from '../../../fleet/fleet.js';
import { knownMembers } from '../../../state/recovered-fleet.js';
import type { FleetContext } from '../../../steps/context.js';
import { foreignNamespace } from '../../../steps/member/member-namespaces.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { anyObject } from '../../../tools/kubectl/objects.js';

export interface JudgedMembers {
  /** They answer, and are the fleet's. */
  readonly own: readonly Member[];
  /** The fleet's, as far as can be known: also those that do not answer. */
  readonly notForeign: readonly Member[];
  /** Why each of the others is left, one sentence each. */
  readonly left: readonly string[];
  /** The same of those that the backup does not know. */
  readonly later: readonly string[];
}

type Verdict = 'own' | 'silent' | string;

/** A cluster that was made anew, or joined somebody else's Karmada since, must not lose its tokens or its agent. */
export async function judgeMembers(
  context: FleetContext,
  backup: OpenedBackup,
  apis: ReadonlyMap<string, KubeAccess>,
  call: CallContext,
): Promise<JudgedMembers> {
  const { members } = context.fleet;
  const known = knownMembers(members, backup.etcd.keys);
  const { concurrency } = context.clients;
  const verdicts = await pMap(known, (member) => verdictOn(context, backup, member, apis.get(member.name), call), {
    concurrency,
  });
  const of = (isMeant: (verdict: Verdict) => boolean): readonly Member[] =>
    known.filter((_, index) => isMeant(verdicts[index] ?? ''));
  const unknown = members.filter((member) => !known.includes(member));
  return {
    own: of((verdict) => verdict === 'own'),
    notForeign: of((verdict) => verdict === 'own' || verdict === 'silent'),
    later: unknown.map(({ name }) => `member ${name} joined after the backup: Karmada will not know it`),
    left: [
      ...known.flatMap(({ name }, index) => {
        const verdict = verdicts[index] ?? '';
        if (verdict === 'own') return [];
        return [`member ${name} ${verdict === 'silent' ? 'does not respond' : verdict}: it is left as it is`];
      }),
    ],
  };
}

async function verdictOn(
  context: FleetContext,
  { etcd }: OpenedBackup,
  member: Member,
  access: KubeAccess | undefined,
  call: CallContext,
): Promise<Verdict> {
  const { kubectl } = context.clients;
  if (access === undefined || !(await kubectl.isReady(access, call))) return 'silent';
  const key = keyOf('cluster', { name: member.name });
  const stored = etcd.keys.find((each) => each.key === key);
  const id = stored && objectIn(stored)?.spec['id'];
  const identity = await kubectl.get(access, { kind: 'namespaces', name: 'kube-system' }, anyObject, call);
  if (id !== undefined && id !== identity?.metadata.uid) return 'is another cluster than when the backup was taken';
  if ((await foreignNamespace(context, member, call)) !== undefined) return 'belongs to another control plane by now';
  return 'own';
}
