/** What cannot join is refused before the first change, with the way out; nothing is left of the attempt. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { cli, type RunOptions } from './cli.js';
import { changes, fleetFiles, region, succeed } from './fleet.js';
import { joinable, withContexts } from './joinable.js';

/** Runs what has to be refused: it changes nothing, neither there nor in the fleet's folder. */
async function refused(account: Account, words: string, options: RunOptions = withContexts): Promise<string> {
  const before = fleetFiles(account);
  const ended = await cli(account, words, options);
  expect(changes(ended)).toEqual([]);
  expect(fleetFiles(account)).toEqual(before);
  return said(ended);
}

it('reports what can be joined when nothing is said', async () => {
  expect(await refused(await joinable(), 'join --yes')).toMatchInlineSnapshot(`
    "✖ nothing to join: specify at least one cluster
      next: 1. an existing EKS cluster: --cluster NAME, --cluster eu-west-1/NAME, or its ARN
            2. any context of your kubeconfig: --context NAME
            3. a new cluster: --member name=NAME,region=eu-west-1,vpc=…
            4. or a file that lists them under \`members\`: --config FILE
      code: missing-value
    exit 2"
  `);
});

const isMember = 'is already a member, named one';

const refusals = [
  ['--cluster none', 'EKS has no cluster none in us-west-2', 'cluster-absent'],
  ['--cluster eu-central-1/one --cluster none', '2 clusters cannot join; nothing was changed', 'plan-refused'],
  ['--context nowhere', 'your kubeconfig has no context nowhere', 'context-unknown'],
  ['--cluster 3/a#', '--cluster: expected a region such as eu-west-1 (got "3")', 'invalid-value'],
  ['--cluster shop --name one-impersonator', '--name: invalid name: must not end in', 'invalid-value'],
  ['--cluster shop --name Big', '--name: invalid name: use up to 48 lowercase letters', 'invalid-value'],
  ['--cluster shop --mode both', '--mode: expected push or pull (got "both")', 'invalid-value'],
  ['--cluster shop --mode pull --source here', '--source: expected a CIDR such as 203.0.113.7/32', 'invalid-value'],
  ['--cluster shop --cluster none --name x', '--name applies to one cluster, but 2 were given', 'invalid-value'],
  ['--cluster shop --source 198.51.100.7/32', 'a push member has no agent', 'invalid-value'],
  ['--mode pull', '--mode only applies to --cluster or --context', 'invalid-value'],
  ['--cluster arn:aws:eks:eu-west-1:999999999999:cluster/x', 'is in account 999999999999', 'invalid-value'],
  ['--cluster shop --name parent', 'a member cannot be named parent', 'invalid-value'],
  ['--cluster karmada-parent --mode pull', 'which can only be a push member', 'invalid-value'],
  ['--cluster one --mode pull', 'one is already a push member', 'invalid-value'],
  ['--cluster one --name uno', `EKS cluster one in us-west-2 ${isMember}`, 'invalid-value'],
  ['--cluster shop --cluster shop', 'EKS cluster shop in us-west-2 is listed twice', 'invalid-value'],
  ['--context kind-edge --mode pull', 'source addresses of pull member kind-edge are unknown', 'address-unknown'],
  ['--member name=shop', 'exists and does not belong to fleet karmada', 'cluster-not-ours'],
] as const;

it.each(refusals)('refuses %s', async (words, what, code) => {
  const text = await refused(await joinable(), `join ${words} --yes`);
  expect(text).toContain(what);
  expect(text).toContain(`code: ${code}\n`);
});

it('tells each of them why, and what to do', async () => {
  const texts: string[] = [];
  for (const [words] of refusals)
    texts.push(`$ karmada-eks join ${words}\n\n${await refused(await joinable(), `join ${words} --yes`)}\n`);
  await expect(texts.join('\n')).toMatchFileSnapshot('told/join-refusals.txt');
});

it.each([
  ['--cluster shop --name one', 'EKS cluster shop in us-west-2', 'EKS cluster one in us-west-2'],
  ['--cluster shop --member name=shop,context=kind-edge', 'context kind-edge', 'EKS cluster shop in us-west-2'],
])('tells both clusters of a name that is taken: %s', async (words, one, other) => {
  const text = await refused(await joinable(), `join ${words} --yes`);
  expect(text).toContain(`✖ ${one} would be named`);
  expect(text).toMatch(new RegExp(`why: .*${other}`));
  expect(text).toContain('under another name: --name NAME');
});

describe('a cluster of another control plane', () => {
  const source = ' --source 198.51.100.77/32';
  const how = { push: '--mode push', pull: `--mode pull${source}` };

  it.each([
    ['push', 'pull'],
    ['push', 'push'],
    ['pull', 'pull'],
    ['pull', 'push'],
  ] as const)('is recognised when it is a %s member there and is to be a %s member here', async (there, here) => {
    const theirs = await joinable();
    await succeed(theirs, `join --context kind-edge --name outpost ${how[there]} --yes`, withContexts);
    const edge = theirs.state.apis['plain/edge'];
    if (edge === undefined) throw new TypeError('edge exists');
    // The other fleet's mark, or none, is not ours.
    for (const each of Object.values(edge.objects)) if (each.kind === 'Namespace') each.metadata.labels = {};
    const account = await joinable();
    account.state.apis['plain/edge'] = edge;
    const text = await refused(account, `join --context kind-edge ${how[here]} --yes`);
    expect(text).toMatchInlineSnapshot(`
      "✖ context kind-edge already belongs to another Karmada control plane
        why:  it is member outpost there, and two control planes would conflict
        next: 1. remove it there first: kubectl karmada unjoin outpost (push) or unregister outpost (pull)
              2. if that control plane is gone, delete what it left: kubectl delete namespace karmada-cluster
        code: member-foreign
      exit 3"
    `);
  });

  it('is not taken for one where this Karmada knows it by another name', async () => {
    const account = await joinable();
    await succeed(account, 'join --context kind-edge --name outpost --yes', withContexts);
    const edge = account.state.apis['plain/edge'];
    for (const each of Object.values(edge?.objects ?? {})) if (each.kind === 'Namespace') each.metadata.labels = {};
    const others = account.state.files['/home/you/others.yaml'] ?? '';
    account.state.files['/home/you/others.yaml'] = others.replace(
      /\{"name":"kind-edge","context":\{[^}]*\}\}/,
      (entry) => `${entry},${entry.replace('kind-edge', 'also-edge')}`,
    );
    const text = await refused(account, 'join --context also-edge --yes');
    expect(text).toMatchInlineSnapshot(`
      "✖ context also-edge is already a member of this Karmada, named outpost
        next: 1. join it under that name: --name outpost
              2. or remove it first: kubectl karmada unjoin outpost (push) or unregister outpost (pull)
        code: member-foreign
      exit 3"
    `);
  });
});

describe('what does not respond', () => {
  it('is refused when it is the cluster', async () => {
    const account = await joinable();
    const edge = account.state.apis['plain/edge'];
    if (edge !== undefined) edge.reachable = false;
    expect(await refused(account, 'join --context kind-edge --yes')).toMatchInlineSnapshot(`
      "✖ context kind-edge does not respond to this machine, or denies access
        next: 1. try it: kubectl --context kind-edge get --raw /readyz
              2. then run the same command again
        code: cluster-unreachable
      exit 4"
    `);
  });

  it('is refused for its private endpoint, and offered to join from the inside', async () => {
    const account = await joinable();
    const shop = account.region(region).clusters['shop'] ?? expect.unreachable('no shop');
    shop.privateOnly = true;
    expect(await refused(account, 'join --cluster shop --yes')).toMatchInlineSnapshot(`
      "✖ EKS cluster shop in us-west-2 does not respond to this machine
        why:  its API endpoint is private: only its own network reaches it (00000000000000000000000000000071.gr7.us-west-2.eks.amazonaws.com, port 443: no answer from 10.1.100.10 within 10 s)
        next: 1. run the command on a machine in its VPC vpc-00000000000000065, or in a network that is connected to it
              2. there, join it in pull mode if Karmada is not to reach it: --mode pull (up: mode=pull)
        code: cluster-unreachable
      exit 4"
    `);
    expect(await refused(account, 'join --cluster shop --mode pull --source 198.51.100.7/32 --yes')).not.toContain(
      'join it in pull mode',
    );
    shop.privateOnly = false;
    shop.publicAccessCidrs = ['203.0.113.0/24'];
    const faults = [{ call: 'exec kubectl get *shop*', kind: 'fail' as const, times: -1 }];
    expect(await refused(account, 'join --cluster shop --yes', { faults })).toContain(
      'why:  its public endpoint admits only 203.0.113.0/24',
    );
  });

  it('is refused where its public endpoint admits this machine, and not Karmada', async () => {
    const account = await joinable();
    const shop = account.region(region).clusters['shop'] ?? expect.unreachable('no shop');
    shop.publicAccessCidrs = ['192.0.2.10/32'];
    const text = await refused(account, 'join --cluster shop --yes');
    expect(text).toContain(
      'Karmada cannot reach the API of EKS cluster shop in us-west-2: it does not admit 198.51.100.1',
    );
    expect(text).toContain('publicAccessCidrs=192.0.2.10/32,198.51.100.1/32');
  });

  it('is refused when it is Karmada', async () => {
    const account = await joinable();
    const faults = [{ call: 'exec kubectl get karmada-apiserver*', kind: 'fail' as const, times: -1 }];
    const text = await refused(account, 'join --cluster shop --yes', { faults });
    expect(text).toContain('the Karmada API of fleet karmada does not respond to this machine');
    expect(text).toContain('karmada-eks up --fleet karmada --region us-west-2, with --allow CIDR');
  });
});

it('leaves nothing of a cluster when the answer is no', async () => {
  const text = await refused(await joinable(), 'join --context kind-edge', { ...withContexts, leaves: true });
  expect(text).toBe('exit 130');
});
