/** The plan of which the policy is printed, also where the policy itself is missing by which other accounts could be asked. */
import type { PlannedStep } from '../../engine/plan.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import type { ProblemCode } from '../../errors/table.js';
import { clustersOf, type Fleet, type FleetMemberCluster } from '../../fleet/fleet.js';
import { isOfPlace } from '../../preflight/checks.js';
import { type PlanOptions, type PreparedUp, prepareUp } from '../shared/prepare-up.js';
import type { ResolvedFleet } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';

/** A plan, of the whole fleet but for what could not be looked at. */
export interface PlanForPolicy {
  readonly prepared: PreparedUp;
  /** With all members. */
  readonly fleet: Fleet;
  /** Clusters in accounts that did not let themselves be asked: whether they exist is as the configuration says. */
  readonly unseen: readonly FleetMemberCluster[];
}

const denials: readonly ProblemCode[] = ['role-refused', 'access-denied'];

/** @throws Problem for what is in the way of a plan, but for what other accounts do not allow, and what this machine does not reach */
export async function planForPolicy(
  session: Session,
  wanted: ResolvedFleet,
  options: PlanOptions,
): Promise<PlanForPolicy> {
  try {
    const prepared = await prepareAnywhere(session, wanted, options);
    return { prepared, fleet: prepared.fleet, unseen: [] };
  } catch (thrown) {
    const unseen = clustersOf(wanted.fleet).filter(({ account }) => account !== undefined);
    if (unseen.length === 0 || !isDenied(thrown)) throw thrown;
    const names = unseen.map(({ scope }) => scope);
    const members = wanted.fleet.members.filter(({ name }) => !names.includes(name));
    const prepared = await prepareAnywhere(session, { ...wanted, fleet: { ...wanted.fleet, members } }, options);
    return { prepared, fleet: { ...prepared.fleet, members: wanted.fleet.members }, unseen };
  }
}

/** What this machine does not reach may lack anything: the policy allows all that may have to be done there. */
async function prepareAnywhere(session: Session, wanted: ResolvedFleet, options: PlanOptions): Promise<PreparedUp> {
  const prepared = await prepareUp(session, wanted, { ...options, iamPolicy: true });
  const unread = prepared.planned.flatMap(({ problem }) => (problem && isOfPlace(problem) ? [problem.what] : []));
  for (const what of new Set(unread)) session.ui.note(`${what}: the policy allows all that may have to be done in it`);
  const planned = prepared.planned.map((each): PlannedStep => {
    const { step, problem } = each;
    return problem && isOfPlace(problem) ? { step, state: 'absent', ...step.preview(), destroys: [] } : each;
  });
  return { ...prepared, planned };
}

function isDenied(thrown: unknown): boolean {
  if (!(thrown instanceof Problem)) return false;
  const parts = thrown.parts.length === 0 ? [thrown] : thrown.parts;
  return parts.every(({ code }) => denials.includes(code));
}

/** What the policies of these accounts are good for. */
export function unseenNote(unseen: readonly FleetMemberCluster[]): string {
  const accounts = [...new Set(unseen.map(({ account }) => account?.id))];
  return `${counted(accounts.length, 'account')} could not be asked (${accounts.join(', ')}): what is needed there is for clusters that are created, or that exist where the configuration has existing=true`;
}
