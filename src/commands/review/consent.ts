/** The only way to consent: shows what a run destroys, asks for each kind, and returns what was agreed to. */

import { contentOf, type Destruction, type DestructiveFlag, describeDestruction } from '../../engine/destruction.js';
import type { PlannedStep } from '../../engine/plan.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { OptionName, OptionsOf } from '../../options/table.js';
import type { Results, Table } from '../../ui/ui.js';
import type { Session } from '../shared/session.js';

/** The name of the option that agrees to each loss, `--confirm` aside. */
const agreeing = {
  '--delete-cluster': 'deleteCluster',
  '--move-workloads': 'moveWorkloads',
  '--reconcile': 'reconcile',
  '--reinstall-karmada': 'reinstallKarmada',
  '--remove-leftovers': 'removeLeftovers',
  '--remove-volumes': 'removeVolumes',
  '--remove-workloads': 'removeWorkloads',
  '--replace-addons': 'replaceAddons',
  '--replace-etcd-member': 'replaceEtcdMember',
  '--replace-nodes': 'replaceNodes',
} as const satisfies Record<Exclude<DestructiveFlag, '--confirm'>, OptionName>;

/** What `--yes` answers, and what was agreed to, as far as the command has flags for it. */
type ConsentOptions = OptionsOf<'yes'> & Partial<OptionsOf<(typeof agreeing)[keyof typeof agreeing]>>;

export interface Review<Other extends string = never> {
  readonly planned: readonly PlannedStep[];
  /** Asks for all of it, knowing what is lost; answers what is to be done instead, if anything. */
  readonly proceed: (destroys: readonly Destruction[]) => Promise<Other | undefined>;
}

function destructionsOf(planned: readonly PlannedStep[]): readonly Destruction[] {
  return planned.flatMap(({ destroys }) => destroys);
}

/** One row a thing: what happens to it, all that is in it, which is agreed to with it, and whose it is. */
function destructionTable(destroys: readonly Destruction[]): Table {
  return {
    name: 'destroys',
    columns: ['destroys', 'kind', 'name', 'holds', 'whose'],
    headings: { destroys: 'action', whose: 'owner' },
    rows: destroys.map((each) => [each.how, each.kind, each.name, contentOf(each).join(', '), each.evidence]),
  };
}

/**
 * Shows the destructions of a plan and asks: once for each flag that was not given, then for the whole. Returns what
 * the run may destroy.
 * @throws Problem `consent-missing` where nobody can be asked and a flag is missing, `declined`
 */
export async function consent<Other extends string = never>(
  session: Session,
  options: ConsentOptions,
  review: Review<Other>,
): Promise<readonly Destruction[] | Other> {
  const destroys = destructionsOf(review.planned);
  showDestructions(session.ui, review.planned);
  const flags = [...new Set(destroys.map(({ flag }) => flag))];
  refuseMissing(session, options, destroys, flags);
  for (const flag of flags) {
    if (!isAgreed(options, flag)) await askFor(session, flag, destroys);
  }
  return (await review.proceed(destroys)) ?? destroys;
}

/**
 * Before anything is read: where nobody can be asked, what is not agreed to by flags cannot be agreed to at all.
 * @param agreed the flags that agree to the command, and whether each was given
 * @throws Problem `missing-value`
 */
export function requireConsent({ ui }: Session, command: string, agreed: Readonly<Record<string, boolean>>): void {
  const missing = Object.keys(agreed).filter((flag) => agreed[flag] === false);
  if (ui.ask.possible || missing.length === 0) return;
  throw new Problem('missing-value', {
    what: `${command} needs consent: add ${missing.join(' ')}`,
    why: 'nobody can be asked without a terminal, with --json, or where CI is set',
  });
}

/** As `requireConsent`, for a command that deletes the fleet. @throws also Problem `invalid-value` for another name in `--confirm` */
export function requireTypedName(
  session: Session,
  command: string,
  { yes, confirm, fleet = defaults.fleet }: OptionsOf<'yes' | 'confirm' | 'fleet'>,
): void {
  if (confirm !== undefined && confirm !== fleet) {
    throw new Problem('invalid-value', {
      what: `--confirm does not match: expected ${fleet}, got ${confirm}; nothing was changed`,
      next: [`use --yes --confirm ${fleet}`],
    });
  }
  requireConsent(session, command, { '--yes': yes, [`--confirm ${fleet}`]: confirm === fleet });
}

/** The plain question for a run; `--yes` answers it. @throws Problem `declined`, `missing-value` */
export async function plainConsent(
  { ui }: Session,
  options: OptionsOf<'yes'>,
  message: string,
  preset: boolean,
): Promise<undefined> {
  if (options.yes) return undefined;
  if (await ui.ask.confirm({ message, flag: '--yes', env: 'KARMADA_EKS_YES', default: preset })) return undefined;
  throw new Problem('declined', { what: 'nothing was changed' });
}

/** Shows what would be lost, under a heading of its own; nothing when nothing would. */
export function showDestructions(ui: Results, planned: readonly PlannedStep[]): void {
  const destroys = destructionsOf(planned);
  if (destroys.length === 0) return;
  ui.print('\nTO BE DELETED, REPLACED OR INTERRUPTED');
  ui.showTable(destructionTable(destroys));
}

/** What can be done instead of agreeing to a loss. */
const instead: Partial<Record<DestructiveFlag, readonly string[]>> = {
  '--remove-workloads': ['or add --keep-workloads: they keep running in their clusters, without Karmada'],
};

function refuseMissing(
  { ui }: Session,
  options: ConsentOptions,
  destroys: readonly Destruction[],
  flags: readonly DestructiveFlag[],
): void {
  if (ui.ask.possible && !options.yes) return;
  const missing = flags.filter((flag) => !isAgreed(options, flag));
  if (missing.length === 0) return;
  const lost = destroys.filter(({ flag }) => missing.includes(flag));
  throw new Problem('consent-missing', {
    what: `this would ${lost.map(describeDestruction).join(', ')}; nothing was changed`,
    why: '--yes does not cover the loss of anything that works or holds data',
    next: missing.flatMap((flag) => [`to agree, add ${flag}`, ...(instead[flag] ?? [])]),
  });
}

async function askFor({ ui }: Session, flag: DestructiveFlag, destroys: readonly Destruction[]): Promise<void> {
  const things = destroys.filter((each) => each.flag === flag).map(describeDestruction);
  const message = sentence(things.join(', '));
  if (await ui.ask.confirm({ message, flag, default: false })) return;
  throw new Problem('declined', { what: 'nothing was changed' });
}

/** Asks for the fleet's name; `--yes --confirm NAME`, where `requireTypedName` let it pass, answers it. @throws Problem `declined`, `missing-value` */
export async function typedName(
  { ui }: Session,
  { yes, confirm }: OptionsOf<'yes' | 'confirm'>,
  fleet: string,
): Promise<undefined> {
  if (yes && confirm === fleet) return undefined;
  const message = 'This cannot be undone. To confirm, type the fleet’s name';
  const flag = `--yes --confirm ${fleet}`;
  if (await ui.ask.typedName({ message, flag, name: fleet })) return undefined;
  throw new Problem('declined', { what: 'the name does not match; nothing was changed' });
}

/** The name that confirms is asked for by itself. */
function isAgreed(options: ConsentOptions, flag: DestructiveFlag): boolean {
  return flag === '--confirm' || options[agreeing[flag]] === true;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
