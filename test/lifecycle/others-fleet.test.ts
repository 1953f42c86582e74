/** What somebody else wrote into the parent: it tells what the fleet is, and chooses neither credentials nor what becomes of members. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { cli, type RunOptions } from './cli.js';
import { changes, down, downById, fleetFolder, fleetId, readyStatus, region, smallUp, succeed } from './fleet.js';
import { joinable, karmadaIn, memberIn, withContexts } from './joinable.js';
import { describeAnew, markIn, planted } from './planted.js';
import { smallFleet } from './small-fleet.js';

const limit = { timeout: 900_000 };
const where = `--fleet karmada --region ${region}`;
const fleet = smallFleet();
/** A machine that never saw the fleet. */
const other: RunOptions = { host: 'other' };
/** The same, with the first machine's kubeconfigs. */
const otherWithContexts: RunOptions = { ...withContexts, ...other };

function copies(account: Account): readonly string[] {
  return Object.keys(account.state.files).filter((path) => path.endsWith('/kubeconfigs/edge.json'));
}

function shown(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE');
}

describe('a context that only the description names', () => {
  it('is not copied by who looks, and it is said why', limit, async () => {
    const account = await planted();
    const looked = await cli(account, 'status', withContexts);
    expect(looked.stderr).toContain(
      'member edge is not inspected: context kind-edge has not been agreed to on this machine (--trust-context)',
    );
    for (const words of ['status -o json', 'clusters', 'kubeconfig --print', 'plan', 'doctor', 'support-bundle'])
      await cli(account, words, withContexts);
    expect([copies(account), karmadaIn(account)]).toEqual([[], []]);
    expect(Object.values(account.state.files).filter((text) => text.includes('203.0.113.50'))).toHaveLength(1);
  });

  it('is refused by what would use it, and named', limit, async () => {
    const account = await planted();
    const refused = await cli(account, 'up --yes', withContexts);
    expect([refused.code, said(refused)]).toMatchInlineSnapshot(`
      [
        3,
        "✖ member edge is context kind-edge of your kubeconfig, which has not been agreed to on this machine
        why:  only the description of fleet karmada in karmada-parent names it, and that cannot choose your credentials
        next: 1. check where it points: kubectl config view --minify --context 'kind-edge'
              2. to use it: --trust-context 'kind-edge'
              3. or remove the member without inspecting it: karmada-eks unjoin edge --force --fleet karmada --region us-west-2
        code: context-not-agreed
      exit 3",
      ]
    `);
    expect(changes(refused)).toEqual([]);
    for (const words of ['plan', down, 'unjoin edge --yes']) {
      const ended = await cli(account, words, withContexts);
      expect([words, ended.code, ended.stderr.includes('code: context-not-agreed')]).toEqual([words, 3, true]);
      expect(changes(ended)).toEqual([]);
    }
    expect([copies(account), karmadaIn(account)]).toEqual([[], []]);
  });

  it('is used once it is agreed to, and from then on', limit, async () => {
    const account = await planted();
    await succeed(account, ['up', '--yes', '--trust-context', 'kind-edge'], withContexts);
    expect(memberIn(account, 'edge')).toBeDefined();
    const again = await succeed(account, 'up --yes', withContexts);
    expect(changes(again)).toEqual([]);
    await succeed(account, down, withContexts);
    expect(karmadaIn(account)).toEqual([]);
  });

  it('is no environment’s to agree to', limit, async () => {
    const vars = { ...withContexts.vars, KARMADA_EKS_TRUST_CONTEXT: 'kind-edge' };
    const refused = await cli(await planted(), 'up --yes', { vars });
    expect([refused.code, said(refused)]).toEqual([2, expect.stringContaining('KARMADA_EKS_TRUST_CONTEXT')]);
  });

  it('is another machine’s to agree to again', limit, async () => {
    const account = await joinable();
    await succeed(account, 'join --context kind-edge --name edge --yes', withContexts);
    await readyStatus(account, ` ${where}`);
    const looked = await cli(account, `status ${where}`, otherWithContexts);
    expect(looked.stderr).toContain('member edge is not inspected: context kind-edge');
    expect(copies(account)).toEqual([`${fleetFolder}/kubeconfigs/edge.json`]);
    const refused = await cli(account, `${downById(account)} ${where}`, otherWithContexts);
    expect([refused.code, changes(refused)]).toEqual([3, []]);
    await succeed(account, `${downById(account)} ${where} --trust-context kind-edge`, otherWithContexts);
    expect(karmadaIn(account)).toEqual([]);
  });
});

describe('a fleet that this machine has no record of', () => {
  it('is shown with who made it and who changed it last', limit, async () => {
    const account = fleet();
    await succeed(account, `join --create --cluster three --yes ${where}`, other);
    const looked = await succeed(account, `status ${where}`, { host: 'third' });
    expect(shown(looked.stderr)).toContain(
      'this machine has no record of fleet karmada, which was created by you@rehearsal on DATE, last changed by you@other on DATE',
    );
    expect((await succeed(account, `status ${where}`)).stderr).not.toContain('no record');
    delete markIn(account).metadata.annotations;
    expect((await succeed(account, `status ${where}`, { host: 'third' })).stderr).toContain(
      'which was created by an unrecorded user, last changed by an unrecorded user',
    );
  });

  it('stays as it is described where nothing else is asked for', limit, async () => {
    const account = fleet();
    const before = JSON.stringify(markIn(account));
    const again = await succeed(account, `up --region ${region} --yes`, other);
    expect(again.stderr).toContain('this machine has no record of fleet karmada');
    expect(JSON.stringify(markIn(account))).toBe(before);
    await readyStatus(account);
  });

  it('is not changed by --yes alone', limit, async () => {
    const account = fleet();
    const before = JSON.stringify(markIn(account));
    const fewer = `up --region ${region} --vpc main --member name=one --nodes 4 --yes`;
    const refused = await cli(account, fewer, other);
    expect([refused.code, shown(said(refused))]).toMatchInlineSnapshot(`
      [
        3,
        "✖ this would change fleet karmada, which this machine has no record of; nothing was changed
        why:  it was created by you@rehearsal on DATE, last changed by you@rehearsal on DATE; this would change: two is no longer in the configuration; nodes from 3 to 4
        next: 1. to agree, add --change-fleet
              2. or omit what differs: karmada-eks up --fleet karmada --region us-west-2 uses the fleet’s existing description
        code: consent-missing
      exit 3",
      ]
    `);
    const pruned = await cli(account, `${fewer} --prune`, other);
    expect([pruned.code, changes(pruned)]).toEqual([3, []]);
    const vars = { KARMADA_EKS_CHANGE_FLEET: 'true' };
    expect((await cli(account, fewer, { ...other, vars })).code).toBe(2);
    expect([changes(refused), JSON.stringify(markIn(account))]).toEqual([[], before]);
    await succeed(account, `${fewer} --change-fleet`, other);
    expect(markIn(account)['data']).toEqual({ 'fleet.json': expect.stringContaining('"former":[{"name":"two"') });
  });

  it('is not led by its description to the id of another', limit, async () => {
    const account = fleet();
    const id = `0a1b2c3d4e5f.111122223333.${region}`;
    const own = fleetId(account);
    describeAnew(account, (described) => ({ ...described, id, members: [] }));
    Object.assign(markIn(account).metadata.labels ?? {}, { 'karmada-eks/fleet': id });
    const looked = await cli(account, `status -o json ${where}`, other);
    expect(JSON.parse(looked.stdout)).toMatchObject({ members: [{ name: 'one' }, { name: 'two' }] });
    expect((await cli(account, `status ${where} --fleet-id ${id}`, other)).stderr).toContain('code: another-fleet');
    expect(fleetId(account)).toBe(own);
  });
});

it(
  'says of a member that serves, but is no longer in the configuration, how to keep it and how to take it out',
  limit,
  async () => {
    const account = fleet();
    await succeed(account, smallUp.replace(' --member name=two,mode=pull', ''));
    const { stdout } = await succeed(account, 'status');
    expect(stdout.split('\n').filter((line) => line.includes('two'))).toMatchInlineSnapshot(`
      [
        "└◀─pull─ ✔ two   Ready · us-west-2 · 1.35 · 3/3 nodes · agent 1.18.2",
        "! two is no longer in the configuration but is still a member that Karmada schedules to; to keep it: karmada-eks join --cluster us-west-2/two --name two --fleet karmada --region us-west-2; to remove it: karmada-eks unjoin two --fleet karmada --region us-west-2",
      ]
    `);
    expect(stdout).not.toContain('is no longer a member');
    await succeed(account, 'join --cluster us-west-2/two --name two --yes');
    expect(changes(await succeed(account, smallUp))).toEqual([]);
  },
);
