/** A guided `up`: questions, the plan, and back to the questions until it is run or cancelled. */
import { counted } from '../../errors/counted.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { WentBack } from '../../errors/went-back.js';
import type { FleetRequest } from '../../fleet/schema.js';
import type { OptionsOf } from '../../options/table.js';
import { makeInquiry } from '../questions/inquiry.js';
import { questionOf } from '../questions/topic.js';
import type { Review } from '../review/consent.js';
import type { PlanOptions } from '../shared/prepare-up.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { descriptionOf, fleetFrom, type RequestSources, type ResolvedFleet } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { answered, asksFor } from './guide.js';
import { offerFile } from './offer-file.js';
import { sameCommand } from './same-command.js';

export type UpOptions = RequestOptions &
  PlanOptions &
  OptionsOf<'yes' | 'useContext' | 'prune' | 'keepWorkloads' | 'removeWorkloads' | 'changeFleet'>;

/** What became of a plan: carried out, with the run's exit code, or not yet right. */
export type Outcome = number | 'change';

/** What is wanted, and what of it was given or answered. */
export interface Asked {
  readonly wanted: ResolvedFleet;
  readonly request: FleetRequest;
}

/** Shows the plan and runs it, unless `agree` returns to the questions. */
type Attempt = (asked: Asked, agree: Review<'change'>['proceed']) => Promise<Outcome>;

/** Exit codes of what is refused before the first change. */
const correctable: readonly number[] = [ExitCode.refused, ExitCode.usage];

/** The region in which STS identifies the caller before a region is chosen; every account of partition `aws` has it. */
const firstRegion = 'us-east-1';

/** Whether `up` has to ask: a required value is missing and there is a user to ask. */
export function needsGuide({ ui }: Session, options: UpOptions, { known, suggested }: RequestSources): boolean {
  const isOpen = (known.region ?? suggested.region) === undefined || (known.vpc ?? known.createVpc) === undefined;
  return isOpen && ui.ask.possible && !options.yes;
}

/** @throws Problem `declined` when the user leaves, `interrupted` on Ctrl-C; nothing is left behind then. */
export async function guidedUp(
  session: Session,
  options: UpOptions,
  said: RequestSources,
  attempt: Attempt,
): Promise<number> {
  await introduce(session, said);
  const inquiry = makeInquiry(session, said.suggested);
  const recorded = async ({ fleet = '', region = '' }: FleetRequest): Promise<FleetRequest | undefined> =>
    await descriptionOf(session, fleet, region);
  let request = said.known;
  for (;;) {
    request = await answered({ inquiry, given: said.given, recorded }, request);
    const command = sameCommand(request, options);
    const outcome = await tried(session, { request, said, command }, attempt);
    if (outcome === 'change') continue;
    session.ui.print('');
    session.ui.showNext([{ purpose: 'the same run as one command', command }]);
    if (outcome !== ExitCode.interrupted) await offerFile(session, request);
    return outcome;
  }
}

interface Trial {
  readonly request: FleetRequest;
  readonly said: RequestSources;
  readonly command: string;
}

/** What is refused before the first change can be answered better: it leads back to the summary. */
async function tried(session: Session, { request, said, command }: Trial, attempt: Attempt): Promise<Outcome> {
  const { ui } = session;
  try {
    const wanted = await fleetFrom(session, request, said.found);
    return await attempt({ wanted, request }, ({ length }) => agreed(session, command, length === 0));
  } catch (thrown) {
    if (!(thrown instanceof Problem) || !correctable.includes(thrown.exitCode)) throw thrown;
    ui.showProblem(thrown);
    return 'change';
  }
}

/** @param lossless whether Enter may mean yes */
async function agreed(session: Session, command: string, lossless: boolean): Promise<'change' | undefined> {
  const question = {
    ...questionOf('Proceed', '--yes'),
    canGoBack: true,
    choices: [
      { name: 'yes', value: 'carry-out' },
      { name: 'change an answer', value: 'change' },
      { name: 'cancel', value: 'leave' },
    ] as const,
    default: lossless ? ('carry-out' as const) : ('leave' as const),
  };
  const choice = await makeInquiry(session, {})
    .ask.select<'carry-out' | 'change' | 'leave'>(question)
    .catch((thrown: unknown) => {
      if (thrown instanceof WentBack) return 'change' as const;
      throw thrown;
    });
  if (choice === 'carry-out') return undefined;
  if (choice === 'change') return choice;
  session.ui.showNext([{ purpose: 'the same run as one command', command }]);
  throw new Problem('declined', { what: 'nothing was changed' });
}

/** Profile and identity before any question: who works in the wrong account should see it there. */
async function introduce({ clients, ui }: Session, { known, suggested }: RequestSources): Promise<void> {
  ui.note('A Karmada fleet on Amazon EKS\n');
  const profile = clients.world.environment.vars['AWS_PROFILE'];
  const { account, arn } = await clients.whoCalls(known.region ?? suggested.region ?? firstRegion);
  ui.note(`AWS account ${account}, ${profile === undefined ? 'no AWS_PROFILE' : `profile ${profile}`}\n${arn}\n`);
  const topics = asksFor(known);
  ui.note(
    `${counted(topics.length, 'topic')}: ${topics.join(', ')}. Enter takes what is preset, Esc goes back, Ctrl-C leaves. Then you see the plan with its cost; nothing is created before you agree to it.\n`,
  );
}
