/**
 * Brings back a member of etcd whose volume is lost. It does not rejoin by itself: its name is still that of a member, which etcd
 * refuses to start from nothing (`has already been bootstrapped`). So it is removed, added again, and started as a member that
 * joins; it copies its data from the others.
 */

import { etcdContainer, etcdPods, etcdStatefulSet } from '../../access/etcd.js';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { memberNames } from '../../status/etcd-health.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { type EtcdMember, etcdctlCommands, etcdMembers } from '../../tools/etcd/etcdctl.js';
import { claim, componentWorkload, isReady, persistentVolume, pod } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { awaitRollouts } from '../hardening/roll-out.js';
import { waitUntil } from '../wait-until.js';

/** A member that cannot come back by itself, while the others have quorum. */
export interface LostMember {
  /** Of its pod and in etcd, e.g. `etcd-1`. */
  readonly name: string;
  /** e.g. `its volume vol-0123 no longer exists`. */
  readonly why: string;
  /** A member that has quorum, to be asked about the others. */
  readonly voice: string;
}

/**
 * At most one: without quorum nothing is changed, for the others' data may be all there is. A member that is only slow
 * or has no node is not lost.
 */
export async function lostEtcdMember(context: FleetContext, call: CallContext): Promise<LostMember | undefined> {
  const { kubectl } = context.clients;
  const access = parentAccess(context);
  const set = await kubectl.get(access, etcdStatefulSet, componentWorkload, call);
  if (set === undefined) return undefined;
  const pods = await kubectl.list(access, etcdPods, pod, call);
  const names = memberNames(set);
  const ready = names.filter((name) => isReady(pods.find(({ metadata }) => metadata.name === name)));
  const [name, ...others] = names.filter((each) => !ready.includes(each));
  const [voice] = ready;
  if (name === undefined || others.length > 0 || voice === undefined) return undefined;
  if (ready.length <= names.length / 2) return undefined;
  const members = await etcdMembers(kubectl, access, etcdContainer(voice), call);
  const isMember = members.some((member) => member.name === name);
  const why =
    (await goneVolume(context, name, call)) ??
    (isMember ? await refusedStart(context, name, call) : 'it was removed from the cluster and has not joined again');
  return why === undefined ? undefined : { name, why, voice };
}

export function memberDestruction({ fleet }: FleetContext, { name, why }: LostMember): Destruction {
  return {
    how: 'replace',
    kind: 'etcd member',
    name: `${name} in ${fleet.parent.cluster}`,
    holds: [why, 'its volume claim; the other members have the data'],
    evidence: 'ours: installed by this fleet',
    flag: '--replace-etcd-member',
  };
}

/** Safe to repeat after it died anywhere. */
export async function restoreEtcdMember(context: FleetContext, lost: LostMember, call: CallContext): Promise<void> {
  const { kubectl } = context.clients;
  const access = parentAccess(context);
  const { name, voice } = lost;
  await startAsJoining(context, call);
  call.say(`etcd: replacing ${name}`, 'lasting');
  const at = etcdContainer(voice);
  const members = await etcdMembers(kubectl, access, at, call);
  const old = members.find((member) => member.name === name);
  if (old !== undefined) await kubectl.exec(access, at, etcdctlCommands.remove(old.id), call);
  if (!members.some((member) => isAdded(member, name))) {
    await kubectl.exec(access, at, etcdctlCommands.add(name, peerUrl(name)), call);
  }
  await kubectl.remove(
    access,
    { kind: 'persistentvolumeclaims', name: claimOf(name), namespace: karmadaNamespace },
    call,
  );
  await kubectl.remove(access, { kind: 'pods', name, namespace: karmadaNamespace }, call);
  await waitUntil(context, call, patience(context, name, call), async () => {
    const found = await kubectl.get(access, { kind: 'pods', name, namespace: karmadaNamespace }, pod, call);
    return isReady(found) && (await etcdMembers(kubectl, access, at, call)).some((member) => member.name === name);
  });
  await startAsUsual(context, call);
}

/** Whether a run ended before it put etcd's command back. */
export async function isJoinUnfinished(context: FleetContext, call: CallContext): Promise<boolean> {
  const set = await context.clients.kubectl.get(parentAccess(context), etcdStatefulSet, componentWorkload, call);
  return set?.spec.template?.spec.containers.some(({ command }) => command?.includes(joining)) === true;
}

/**
 * With the command of a member that joins, one that loses its data later would start under its former id without what it had agreed
 * to, instead of being refused. Only the replaced member differs from the command put back, and restarts.
 */
export async function startAsUsual(context: FleetContext, call: CallContext): Promise<void> {
  await setClusterState(context, usual, { type: 'RollingUpdate' }, call);
  await awaitRollouts(context, call);
}

const flag = '--initial-cluster-state=';
const usual = `${flag}new`;
const joining = `${flag}existing`;

/** A member with data ignores the flag; pods take the new command only when they are deleted, so that no other member restarts meanwhile. */
async function startAsJoining(context: FleetContext, call: CallContext): Promise<void> {
  await setClusterState(context, joining, { type: 'OnDelete', rollingUpdate: null }, call);
}

async function setClusterState(
  context: FleetContext,
  state: string,
  updateStrategy: object,
  call: CallContext,
): Promise<void> {
  const { kubectl } = context.clients;
  const access = parentAccess(context);
  const set = await kubectl.get(access, etcdStatefulSet, componentWorkload, call);
  const containers = set?.spec.template?.spec.containers.map((container) => ({
    ...container,
    command: container.command?.map((word) => (word.startsWith(flag) ? state : word)),
  }));
  await kubectl.mergePatch(
    access,
    etcdStatefulSet,
    { spec: { updateStrategy, template: { spec: { containers } } } },
    call,
  );
}

function patience(context: FleetContext, member: string, call: CallContext) {
  return {
    everyMs: seconds(5),
    limitMs: minutes(10),
    onTimeout: async () => {
      const access = parentAccess(context);
      const problem = new Problem('karmada-unhealthy', {
        what: `${member} did not join etcd within 10 minutes`,
        next: [
          `find out why: kubectl --kubeconfig ${access.kubeconfig} -n ${karmadaNamespace} logs ${member}`,
          'run the same command again',
        ],
      });
      return await explainedByPods(context.clients, access, problem, call);
    },
  };
}

/** Its volume in EC2, where the claim has one. */
async function goneVolume(context: FleetContext, name: string, call: CallContext): Promise<string | undefined> {
  const { kubectl, ec2 } = context.clients;
  const access = parentAccess(context);
  const ref = { kind: 'persistentvolumeclaims', name: claimOf(name), namespace: karmadaNamespace };
  const found = await kubectl.get(access, ref, claim, call);
  const volumeName = found?.spec?.volumeName;
  if (volumeName === undefined) return undefined;
  const volume = await kubectl.get(access, { kind: 'persistentvolumes', name: volumeName }, persistentVolume, call);
  const id = volume?.spec.csi?.volumeHandle;
  if (volume === undefined) return `its volume ${volumeName} no longer exists`;
  if (id === undefined) return undefined;
  const there = await ec2(context.fleet.parent).volumes([id]);
  return there.length === 0 ? `its volume ${id} no longer exists` : undefined;
}

/** The words of etcd 3.6 for a member without the data that it must have (server/etcdserver/bootstrap.go; raft/log.go). */
const refusals =
  /has already been bootstrapped|is out of range \[lastIndex\(0\)\]|has been permanently removed from the cluster/;

async function refusedStart(context: FleetContext, name: string, call: CallContext): Promise<string | undefined> {
  const printed = await context.clients.kubectl.logs(parentAccess(context), etcdContainer(name), call);
  return refusals.test(printed) ? 'its volume does not have its data' : undefined;
}

function isAdded({ name, peerUrls }: EtcdMember, wanted: string): boolean {
  return name === '' && peerUrls.includes(peerUrl(wanted));
}

/** As `init` names it to the others (karmada 1.18.2, cmdinit/kubernetes/command.go; `--host-cluster-domain` is its default). */
function peerUrl(name: string): string {
  return `http://${name}.etcd.${karmadaNamespace}.svc.cluster.local:2380`;
}

function claimOf(name: string): string {
  return `etcd-data-${name}`;
}
