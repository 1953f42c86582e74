/** `members rotate-token`: gives Karmada new tokens for push members, and ends the old ones. */
import { refuseUnreachableMembers } from '../../access/endpoints/unreachable.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import type { Given, OptionsOf } from '../../options/table.js';
import { rotateSteps } from '../../pipelines/rotate-tokens.js';
import type { FleetContext } from '../../steps/context.js';
import { accountOf, type Rotation, rotationOf, tokensOf } from '../../steps/member/tokens/member-tokens.js';
import { agreeToContexts } from '../review/agree-to-contexts.js';
import { consent, plainConsent, requireConsent } from '../review/consent.js';
import { nothingToDo, planTable } from '../review/plan-table.js';
import { exitCodeOf } from '../shared/execute.js';
import { executeRun, type PlannedRun, planRun, review } from '../shared/planned-run.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { unknownMembers } from '../unjoin/unjoin-problems.js';

type RotateOptions = RequestOptions & OptionsOf<'yes' | 'moveWorkloads'> & Pick<Given, 'names'>;

export async function rotateToken(session: Session, options: RotateOptions): Promise<number> {
  requireConsent(session, 'members rotate-token', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    { lock: true },
    (open) => prepare(open, options),
    async (open, run) => await rotate(open.session, run, options),
  );
}

interface PreparedRotation extends PlannedRun {
  readonly names: readonly string[];
}

async function prepare(open: OpenFleet, options: RotateOptions): Promise<PreparedRotation> {
  const { session, fleet, paths, caller } = open;
  const members = chosen(fleet, options.names);
  await agreeToContexts(session, options, fleet, members);
  const part = { ...fleet, members, former: [] };
  const reach = await open.access(part);
  await refuseUnreachableMembers(session.clients, part, reach, open.call);
  const context: FleetContext = { fleet, caller, clients: session.clients, paths, ownership: reach.ownership };
  const rotations = await rotationsOf(context, members, session);
  const run = await planRun(session, { fleet, paths }, (lease) => rotateSteps(context, lease, rotations));
  await review(session, run);
  return { ...run, names: members.map(({ name }) => name) };
}

async function rotate(session: Session, run: PreparedRotation, options: RotateOptions): Promise<number> {
  const { ui } = session;
  if (!nothingToDo(run.planned)) ui.showTable(planTable(run.planned));
  const question = `Rotate the tokens of ${run.names.join(', ')}`;
  const proceed = (): Promise<undefined> => plainConsent(session, options, question, false);
  const agreed = await consent<never>(session, options, { planned: run.planned, proceed });
  const report = await executeRun(session, 'rotate-token', run, agreed);
  if (report.ok) {
    ui.print(
      `${counted(run.names.length, 'member')} with new tokens: ${run.names.join(', ')}; the old ones are refused`,
    );
    ui.data('members', { fleet: run.fleet.name, rotated: run.names });
  }
  return exitCodeOf(report);
}

/** All push members where none is named. @throws Problem `invalid-value` */
function chosen({ members }: Fleet, names: readonly string[]): readonly Member[] {
  const push = members.filter(({ mode }) => mode === 'push');
  const unknown = names.filter((name) => members.every((member) => member.name !== name));
  if (unknown.length > 0)
    throw unknownMembers(
      unknown,
      members.map(({ name }) => name),
    );
  const pull = names.filter((name) => push.every((member) => member.name !== name));
  if (pull.length > 0 || push.length === 0)
    throw new Problem('invalid-value', {
      what: pull.length === 0 ? 'the fleet has no push members' : `${pull.join(', ')}: expected push members`,
      why: 'Karmada has no tokens of pull members: an agent there has a certificate that it renews itself',
      next: push.length === 0 ? [] : [`the push members are ${push.map(({ name }) => name).join(', ')}`],
    });
  return names.length === 0 ? push : push.filter(({ name }) => names.includes(name));
}

/** A rotation that a run left half-way is resumed, with the members that it had finished: they are not rotated again. */
async function rotationsOf(
  context: FleetContext,
  members: readonly Member[],
  session: Session,
): Promise<readonly Rotation[]> {
  const found = await Promise.all(
    members.map(async (member) => {
      const tokens = await tokensOf(context, member.name, callOf(session));
      const ids = tokens.flatMap((each) => rotationOf(each) ?? []);
      const isHalf = new Set(tokens.map(accountOf)).size < tokens.length;
      return { member, last: ids.at(-1), isHalf };
    }),
  );
  const open = found.flatMap(({ isHalf, last }) => (isHalf && last !== undefined ? [last] : []));
  const id = open[0] ?? session.clients.world.newId();
  return found.map(({ member, last, isHalf }) => ({
    member,
    rotation: last !== undefined && (isHalf || open.includes(last)) ? last : id,
  }));
}
