/** Lives the generated histories, and expects of each that nobody lost what works, holds data, or is somebody else's. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { settle } from '../../src/rehearsal/settle.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { lost } from '../canaries/losses.js';
import { keyOf, type Valuable, valuablesOf } from '../canaries/valuables.js';
import { cli, type Ended } from '../lifecycle/cli.js';
import { newMachine, region } from '../lifecycle/fleet.js';
import { joinable, resourcesOfOthers, withContexts, withOthers } from '../lifecycle/joinable.js';
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

/** Runs it, and expects an end in good order and nothing lost but what its own words ask for. */
async function ran(stage: Stage, run: Run): Promise<Ended> {
  const account = run.otherAccount ? stage.other : stage.account;
  settle(account);
  const before = valuablesOf(account);
  const ended = await cli(account, run.words, optionsOf(run, vars));
  stage.printed.push(ended.stdout);
  expect(ended.stderr).not.toContain('unexpected error');
  const losses = lost(before, valuablesOf(account)).filter((each) => !isAskedFor(run.words, each));
  expect(losses.map(keyOf), run.words).toEqual([]);
  const how = `${run.words.split(' ')[0]} ${/code: (\S+)/.exec(ended.stderr)?.[1] ?? String(ended.code)}`;
  told.set(how, (told.get(how) ?? 0) + 1);
  return ended;
}

const fleetClusters = ['karmada-parent', 'one', 'two'];

/** `down` takes what the fleet made, `unjoin` what Karmada put into the member, and the cluster where that is in the words. */
function isAskedFor(words: string, { kind, name }: Valuable): boolean {
  const [verb, member = ''] = words.split(' ');
  const parts = name.split(' in ');
  const isOfCluster = kind === 'EKS cluster' || kind === 'nodes' || kind === 'Karmada control plane';
  const cluster = parts.at(isOfCluster ? 0 : -1) ?? '';
  if (verb === 'down') {
    const goes = kind === 'EKS cluster' || kind === 'nodes' ? fleetClusters.includes(cluster) : true;
    return goes && kind !== 'volume';
  }
  if (verb !== 'unjoin') return false;
  if (kind === 'EKS cluster' || kind === 'nodes') return words.includes('--delete-cluster') && cluster === member;
  return (kind === 'workload' || kind === 'namespace') && [member, 'edge'].includes(cluster);
}

/** At the end the fleet is Ready or the reason is told, and `down` leaves nothing that it does not list. */
async function settleDown(stage: Stage, before: readonly string[]): Promise<void> {
  const { account, printed } = stage;
  // Whoever was killed elsewhere is taken for dead after some minutes.
  await account.clock.sleep(3_600_000);
  const end = { elsewhere: false, otherAccount: false, kill: undefined };
  const up = await ran(stage, { ...end, words: ends.up });
  if (up.code === ExitCode.ok) {
    const { stdout } = await cli(account, `status -o json --fleet karmada --region ${region}`, { vars });
    expect(JSON.parse(stdout)).toMatchObject({ ready: true });
  } else {
    expect(up.stderr).toMatch(/code: (?!internal)[a-z-]+/);
    expect(up.stderr).toContain('next: ');
  }
  const down = await ran(stage, { ...end, words: ends.down });
  const left = resourceIds(account).filter((id) => !before.includes(id));
  expect(
    left.filter((id) => !printed.join().includes(id.split(' ').at(-1) ?? '')),
    `${lastLines(up)}\n${lastLines(down)}`,
  ).toEqual([]);
}

function lastLines({ stderr }: Ended): string {
  return stderr.split('\n').slice(-12).join('\n');
}
