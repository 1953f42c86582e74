/** Why pods of a namespace do not start, as the cluster itself reports it: of pods, of their claims, and in events. */
import type { Clients } from '../clients/clients.js';
import { counted } from '../errors/counted.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { claim, event, isReady, type KubeClaim, type KubeEvent, type KubePod, pod } from '../tools/kubectl/objects.js';
import { type Call, truncatedText } from '../tools/run.js';

/** One reason, and the pods that it holds up. */
export interface StuckPods {
  /** `image`: it cannot be pulled; `place`: no node or volume for them; `start`: they end or wait; `create`: nobody makes them. */
  readonly kind: 'image' | 'place' | 'start' | 'create';
  /** The same while the reason lasts, whatever words it is told in. */
  readonly key: string;
  /** For people, e.g. `etcd-0 and 2 more pods: Failed to pull image …`. */
  readonly text: string;
  /** The reason alone. */
  readonly why: string;
}

/** What a kubelet calls an image that it has not got (kubernetes, pkg/kubelet/images/types.go). */
const imageReasons = [
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
];

/** Every pod begins with these. */
const usualReasons = ['ContainerCreating', 'PodInitializing'];

/** Of a pod that has its node: a volume or the network is missing (kubernetes, pkg/kubelet/events/event.go). */
const startEvents = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume', 'FailedCreatePodSandBox'];

/** A controller that cannot make a pod tries again at least every 1,000 s (client-go, `DefaultControllerRateLimiter`): an older event is over. */
const recentMs = 1_100_000;

/** Enough to see what is wrong; more of them have mostly the same cause. */
const mostReasons = 2;

interface Seen {
  readonly pods: readonly KubePod[];
  readonly claims: readonly KubeClaim[];
  readonly events: readonly KubeEvent[];
  /** In ms since the epoch. */
  readonly now: number;
}

/** The first causes first: a missing image before pods that wait for others. None if they cannot be read: what they explain is reported in any case. */
export async function stuckPods(
  { kubectl, world }: Clients,
  access: KubeAccess,
  namespace: string,
  call: Call,
): Promise<readonly StuckPods[]> {
  try {
    const [pods, claims, events] = await Promise.all([
      kubectl.list(access, { kind: 'pods', namespace }, pod, call),
      kubectl.list(access, { kind: 'persistentvolumeclaims', namespace }, claim, call),
      kubectl.list(access, { kind: 'events', namespace }, event, call),
    ]);
    return reasonsIn({ pods, claims, events, now: world.clock.now() });
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return [];
    throw thrown;
  }
}

/** A failure with what the cluster itself knows of its cause, before the failure's own words. */
export function withCauses(problem: Problem, causes: readonly StuckPods[]): Problem {
  const { code, what, why, next } = problem;
  // What several controllers cannot make has mostly one reason, and must leave room for another.
  const firstUncreated = causes.find(({ kind }) => kind === 'create');
  const told = causes
    .filter((each) => each.kind !== 'create' || each === firstUncreated)
    .filter((each) => why?.includes(each.why) !== true)
    .slice(0, mostReasons)
    .map(({ text }) => text);
  if (told.length === 0) return problem;
  return new Problem(code, { what, why: [...told, ...(why ? [why] : [])].join('; '), next, cause: problem });
}

/** A failure of something in Karmada's namespace of this cluster, with what holds its pods up. */
export async function explainedByPods(
  clients: Clients,
  access: KubeAccess,
  problem: Problem,
  call: Call,
): Promise<Problem> {
  return withCauses(problem, await stuckPods(clients, access, karmadaNamespace, call));
}

const order: readonly StuckPods['kind'][] = ['image', 'place', 'create', 'start'];

/** Pure. */
export function reasonsIn(seen: Seen): readonly StuckPods[] {
  const found = [
    ...seen.pods.filter((each) => !isReady(each)).flatMap((each) => reasonOf(each, seen) ?? []),
    ...notCreated(seen),
  ];
  const groups = new Map<string, (typeof found)[number][]>();
  for (const each of found) groups.set(each.key, [...(groups.get(each.key) ?? []), each]);
  return [...groups]
    .map(([key, [first, ...more]]) => ({
      kind: first?.kind ?? ('start' as const),
      key,
      why: first?.why ?? '',
      text: `${first?.who}${more.length === 0 ? '' : ` and ${counted(more.length, 'more pod')}`}: ${first?.why}`,
    }))
    .sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

interface Reason extends Pick<StuckPods, 'kind' | 'key'> {
  readonly who: string;
  readonly why: string;
}

function reasonOf(each: KubePod, { claims, events }: Seen): Reason | undefined {
  const who = each.metadata.name;
  const told: Told = (wanted) => {
    const about = events.filter(({ involvedObject: { kind, name } }) => kind === 'Pod' && name === who);
    return newest(about.filter(wanted))?.message;
  };
  const held = [...(each.status?.initContainerStatuses ?? []), ...(each.status?.containerStatuses ?? [])];
  for (const { image = '', state } of held) {
    const { reason = '', message = '' } = state?.waiting ?? {};
    const words = oneLine([reason, message].filter(Boolean).join(': '));
    if (imageReasons.includes(reason)) {
      return { kind: 'image', key: `image ${image}`, who, why: whyNotPulled(told) ?? words };
    }
    if (reason !== '' && !usualReasons.includes(reason))
      return { kind: 'start', key: `start ${words}`, who, why: words };
  }
  return (
    withoutPlace(each, claims, events) ??
    notStarting(
      who,
      told((event) => startEvents.includes(event.reason)),
    )
  );
}

/** The newest message about a pod. */
type Told = (wanted: (event: KubeEvent) => boolean) => string | undefined;

/** What the kubelet says in events; a Secret that is not there may be the cause. */
function whyNotPulled(told: Told): string | undefined {
  const pull = told(({ reason, message }) => reason === 'Failed' && message.startsWith('Failed to pull image'));
  const secrets = told(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  const parts = [pull, secrets].flatMap((part) => (part === undefined ? [] : [oneLine(part)]));
  return pull === undefined ? undefined : parts.join('; ');
}

function notStarting(who: string, message: string | undefined): Reason | undefined {
  return message === undefined ? undefined : { kind: 'start', key: `start ${message}`, who, why: oneLine(message) };
}

/** No volume yet, or no node. A claim that waits for its pod has no event, and the pod says what that waits for. */
function withoutPlace(each: KubePod, claims: readonly KubeClaim[], events: readonly KubeEvent[]): Reason | undefined {
  const who = each.metadata.name;
  const used = each.spec?.volumes?.flatMap(({ persistentVolumeClaim: of }) => of?.claimName ?? []) ?? [];
  const unbound = claims.filter(({ metadata, status }) => used.includes(metadata.name) && status?.phase !== 'Bound');
  for (const { metadata } of unbound) {
    const about = events.filter(
      ({ involvedObject: { kind, name }, reason }) =>
        kind === 'PersistentVolumeClaim' &&
        name === metadata.name &&
        ['ProvisioningFailed', 'ExternalProvisioning'].includes(reason),
    );
    const found = newest(about.filter(({ type }) => type === 'Warning')) ?? newest(about);
    if (found === undefined) continue;
    const words = oneLine(`${found.reason}: ${found.message}`);
    return {
      kind: 'place',
      key: `place ${found.reason}`,
      who,
      why: `its claim ${metadata.name} gets no volume: ${words}`,
    };
  }
  const scheduled = each.status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (scheduled?.message === undefined) return undefined;
  return { kind: 'place', key: `place ${scheduled.message}`, who, why: oneLine(scheduled.message) };
}

/** A quota or an admission refuses pods; only events tell (kubernetes, pkg/controller/controller_utils.go). */
function notCreated({ pods, events, now }: Seen): readonly Reason[] {
  const failed = events.filter(({ reason, involvedObject: { kind } }) => reason === 'FailedCreate' && kind !== 'Pod');
  const controllers = new Set(failed.map(({ involvedObject: { name } }) => name));
  return [...controllers].flatMap((controller) => {
    const last = newest(failed.filter(({ involvedObject: { name } }) => name === controller));
    if (last === undefined || now - timeOf(last) > recentMs || isMade(last, pods)) return [];
    const { name = '' } = last.involvedObject;
    return [{ kind: 'create' as const, key: `create ${name}`, who: name, why: oneLine(last.message) }];
  });
}

/** Whether a pod came after the failure; one of a Deployment's next ReplicaSet counts too. */
function isMade(failure: KubeEvent, pods: readonly KubePod[]): boolean {
  const { kind, name = '' } = failure.involvedObject;
  const owner = kind === 'ReplicaSet' ? name.replace(/-[^-]+$/, '') : name;
  return pods.some(
    ({ metadata }) =>
      metadata.name.startsWith(`${owner}-`) && Date.parse(metadata.creationTimestamp ?? '') >= timeOf(failure),
  );
}

function newest(events: readonly KubeEvent[]): KubeEvent | undefined {
  return [...events].sort((one, other) => timeOf(other) - timeOf(one))[0];
}

function timeOf({ lastTimestamp, eventTime }: KubeEvent): number {
  return Date.parse(lastTimestamp ?? eventTime ?? '') || 0;
}

function oneLine(text: string): string {
  return truncatedText(text.replace(/\s+/g, ' ').trim());
}
