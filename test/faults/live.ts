/** Lives the generated histories: each must end with a Ready fleet, and then with an account as it was. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { settle } from '../../src/rehearsal/account/settle.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli, type Ended } from '../lifecycle/cli.js';
import { newMachine, region } from '../lifecycle/fleet.js';
import { joinable, resourcesOfOthers, withContexts, withOthers } from '../lifecycle/joinable.js';
import { resourceIds } from '../rehearsal/resources.js';
import { byHand, ends, foreignGib, type Happening, histories, optionsOf, type Run } from './history.js';

/** Two accounts that one person has on the same machine. */
interface Stage {
  readonly account: Account;
  readonly other: Account;
  /** What was printed so far: what stays has to be named once. */
  readonly printed: string[];
}

const { PROPERTY_SEED: seed = '20261122', HISTORIES: wanted = '4' } = process.env;

const vars = { KUBECONFIG: withContexts.vars?.['KUBECONFIG'] ?? '' };

/** How the runs ended: what was refused for which reason. */
const told = new Map<string, number>();

/** Lives a share of the histories; each share has others. */
export async function liveShare(share: number, shares: number): Promise<void> {
  const numRuns = Math.ceil(Number(wanted) / shares);
  const started = performance.now();
  await fc.assert(fc.asyncProperty(fc.boolean(), histories, live), { seed: Number(seed) + share, numRuns });
  const each = ((performance.now() - started) / 1000 / numRuns).toFixed(2);
  console.info(`histories: ${numRuns} lived (seed ${Number(seed) + share}), ${each} s each; ${endings()}`);
}

function endings(): string {
  return [...told]
    .sort()
    .map(([how, count]) => `${how}: ${count}`)
    .join(', ');
}

/** It begins with a fleet that is up, or without one. */
async function live(isUp: boolean, history: readonly Happening[]): Promise<void> {
  const stage = await begin(isUp);
  const before = isUp ? [...(await resourcesOfOthers()), foreignVolume(stage.account)] : resourceIds(stage.account);
  for (const happening of history) await happen(stage, happening);
  await settleDown(stage, before);
}

/** As `resourceIds` has the volume of somebody else. */
function foreignVolume(account: Account): string {
  const found = account.region(region).volumes.find(({ sizeGiB }) => sizeGiB === foreignGib);
  return `${region} volume ${found?.id ?? ''}`;
}

async function begin(isUp: boolean): Promise<Stage> {
  const account = isUp ? await joinable() : withOthers(newMachine());
  const volume = { id: account.id('vol'), sizeGiB: foreignGib, zone: `${region}a`, encrypted: true, tags: {} };
  account.region(region).volumes.push({ ...volume, createdAt: account.now() });
  const other = newAccount({ accountId: '444455556666', now: account.now() });
  addVpc(other, { region, name: 'main' });
  other.state.files = account.state.files;
  for (const [key, api] of Object.entries(account.state.apis)) if (api.kind === 'plain') other.state.apis[key] = api;
  return { account, other, printed: [] };
}

async function happen(stage: Stage, happening: Happening): Promise<void> {
  if (typeof happening === 'string') await byHand[happening](stage.account);
  else await ran(stage, happening);
}

/** Runs it, and expects an end in good order; the audit within it expects that nothing was lost that nobody agreed to. */
async function ran(stage: Stage, run: Run): Promise<Ended> {
  const account = run.otherAccount ? stage.other : stage.account;
  settle(account);
  const ended = await cli(account, run.words, optionsOf(run, vars));
  stage.printed.push(ended.stdout);
  expect(ended.stderr).not.toContain('unexpected error');
  const how = `${run.words.split(' ')[0]} ${/code: (\S+)/.exec(ended.stderr)?.[1] ?? String(ended.code)}`;
  told.set(how, (told.get(how) ?? 0) + 1);
  return ended;
}

/** At the end the fleet becomes Ready, and `down` leaves nothing that it does not list. */
async function settleDown(stage: Stage, before: readonly string[]): Promise<void> {
  const { account, printed } = stage;
  // Whoever was killed elsewhere is taken for dead after some minutes.
  await account.clock.sleep(3_600_000);
  const end = { elsewhere: false, otherAccount: false, kill: undefined };
  const up = await obeyed(ends.up, (words) => ran(stage, { ...end, words }));
  expect(up.code, lastLines(up)).toBe(ExitCode.ok);
  const { stdout } = await cli(account, `status -o json --fleet karmada --region ${region}`, { vars });
  expect(JSON.parse(stdout)).toMatchObject({ ready: true });
  const down = await obeyed(ends.down, (words) => ran(stage, { ...end, words }));
  expect(down.code === ExitCode.leftovers ? ExitCode.ok : down.code, lastLines(down)).toBe(ExitCode.ok);
  const left = resourceIds(account).filter((id) => !before.includes(id));
  expect(
    left.filter((id) => !printed.join().includes(id.split(' ').at(-1) ?? '')),
    `${lastLines(up)}\n${lastLines(down)}`,
  ).toEqual([]);
}

/** What a refusal asks for, as far as a flag gives it. */
const asks: Readonly<Record<string, RegExp>> = {
  'context-not-agreed': /--trust-context '?[\w-]+'?/,
  'another-fleet': /--fleet-id \S+/,
  'karmada-incomplete': /--reinstall-karmada/,
  // The backup that a killed run took counts for an hour.
  'backup-failed': /--no-backup/,
  'consent-missing':
    /--(?:fleet-id \S+|change-fleet|replace-nodes|replace-addons|remove-workloads|reinstall-karmada|remove-volumes)/,
};

/** Runs it, and again with what each refusal asks for, as somebody does who read what is lost and agrees. */
async function obeyed(words: string, run: (words: string) => Promise<Ended>): Promise<Ended> {
  let wanted = words;
  for (;;) {
    const ended = await run(wanted);
    const asked = asks[/code: (\S+)/.exec(ended.stderr)?.[1] ?? '']?.exec(ended.stderr)?.[0];
    if (asked === undefined || wanted.includes(asked)) return ended;
    wanted += ` ${asked.replaceAll("'", '')}`;
  }
}

function lastLines({ stderr }: Ended): string {
  return stderr.split('\n').slice(-12).join('\n');
}
