/** The plan in short: what is decided about, on one screen; `plan`, `up` and `join` show the same. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { beforeAll, expect, it } from 'vitest';
import { foldAlike } from '../../../src/commands/review/alike.js';
import { resolveFleet } from '../../../src/fleet/resolve.js';
import { restore, snapshot } from '../../../src/rehearsal/account.js';
import { cli, type Ended } from '../../lifecycle/cli.js';
import { newMachine, otherRegion, region, smallUp, succeed } from '../../lifecycle/fleet.js';

const plan = `plan --fleet demo --region ${region} --vpc main --members 3`;

let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

function linesOf({ stdout, stderr }: Ended): readonly string[] {
  return stripVTControlCharacters(stderr + stdout)
    .trimEnd()
    .split('\n');
}

it('fits on 80 columns and 24 rows, with a row for the question', async () => {
  const shown = linesOf(await succeed(newMachine(), plan, { columns: 80 }));
  expect(shown.length).toBeLessThanOrEqual(23);
  expect(shown.join('\n')).toMatchInlineSnapshot(`
    "--details shows every step, its time and each cost; -o json gives all as data
    Fleet demo in us-west-2, AWS account 111122223333
    clusters     4 new EKS clusters, each with 3 nodes m5.large, Kubernetes 1.35
                 in us-west-2, private subnets of VPC main in 3 zones:
                   parent demo-parent; push members demo-member-1, demo-member-2,
                   demo-member-3
    Karmada      1.18.2: 3 API servers, 3 etcd members, 2 of each other component
    Karmada API  open to 192.0.2.10/32 (this machine); load balancer, port 32443
    EKS APIs     public, AWS credentials needed; to limit: --public-access-cidr
    kubeconfig   5 contexts in /home/you/.kube/config; the current one stays
    time         about 21 minutes
    cost         about 1.70 USD per hour, 1238.34 per month (730 hours)
                   840.96  12 × node m5.large
                   292.00  4 × EKS cluster, standard
                    76.80  12 × node disk, 80 GiB gp3
                 not included: tax, traffic, NAT gateways; list prices of 2026-10-15"
  `);
});

it.each([
  [40, 45],
  [80, 23],
  [120, 20],
])('draws nothing wider than %d columns, in at most %d lines', async (columns, most) => {
  const shown = linesOf(await succeed(newMachine(), plan, { columns }));
  expect(shown.filter((line) => stringWidth(line) > columns)).toEqual([]);
  expect(shown.length).toBeLessThanOrEqual(most);
});

it('stays on one screen with twenty members in two regions', async () => {
  const members = Array.from({ length: 20 }, (_, n) => `--member name=m${n},region=${n % 2 ? region : otherRegion}`);
  const words = `plan --region ${region} --vpc main --allow 0.0.0.0/0 ${members.join(' ')}`;
  const shown = linesOf(await succeed(newMachine(), words, { columns: 80 }));
  expect(shown.length).toBeLessThanOrEqual(24);
  expect(shown.join('\n')).toContain('21 new EKS clusters, each with 3 nodes m5.large');
});

it('tells who becomes administrator of the clusters and which logs they send, in short, in detail and as data', async () => {
  const ops = 'arn:aws:iam::111122223333:role/ops';
  const words = `${plan} --admin ${ops} --control-plane-log audit`;
  const { stdout } = await succeed(newMachine(), words);
  expect(stdout.match(/^EKS (?:admins|logs).*$/gm)).toMatchInlineSnapshot(`
    [
      "EKS admins   arn:aws:iam::111122223333:role/ops, in addition to whoever creates them",
      "EKS logs     audit to CloudWatch, which charges per GB",
    ]
  `);
  for (const more of ['--details', '-o json']) {
    const whole = (await succeed(newMachine(), `${words} ${more}`)).stdout;
    expect(whole).toContain(`administrators ${ops}, and whoever creates it`);
    expect(whole).toContain('control-plane logs audit');
  }
});

it('is what up shows before it asks', async () => {
  const { stdout: planned } = await succeed(newMachine(), smallUp.replace('up', 'plan').replace(' --yes', ''));
  const { stdout } = await succeed(newMachine(), smallUp);
  expect(planned).toContain('\ncost ');
  expect(stdout.startsWith(planned)).toBe(true);
});

it('tells of a fleet that is there what is new, and what the whole costs', async () => {
  const account = restore(made);
  const more = `${smallUp.replace('up', 'plan').replace(' --yes', '')} --member name=new,mode=pull`;
  const { stdout } = await succeed(account, more, { columns: 80 });
  expect(stripVTControlCharacters(stdout)).toMatchInlineSnapshot(`
    "Fleet karmada in us-west-2, AWS account 111122223333
    clusters    1 new EKS cluster with 3 nodes m5.large, Kubernetes 1.35
                in us-west-2, private subnets of VPC main in 3 zones:
                  pull member new
                members already: one, two
    EKS APIs    public, AWS credentials needed; to limit: --public-access-cidr
    kubeconfig  5 contexts in /home/you/.kube/config; the current one stays
    changes     create namespace karmada-system and record the fleet: the updated
                description of the fleet
                create the load balancer of the Karmada API: the annotation that
                records the owner of each source range
    time        about 19 minutes
    cost        about 1.70 USD per hour, 1238.34 per month (730 hours)
                  840.96  12 × node m5.large
                  292.00  4 × EKS cluster, standard
                   76.80  12 × node disk, 80 GiB gp3
                not included: tax, traffic, NAT gateways; list prices of 2026-10-15
    "
  `);
});

it('is what join shows, of the clusters that join', async () => {
  const account = restore(made);
  const { stdout } = await succeed(account, `join --member name=new --yes`, { columns: 80 });
  expect(stripVTControlCharacters(stdout).split('\n\n')[0]).toMatchInlineSnapshot(`
    "Fleet karmada in us-west-2, AWS account 111122223333
    clusters    1 new EKS cluster with 3 nodes m5.large, Kubernetes 1.35
                in us-west-2, private subnets of VPC main in 3 zones:
                  push member new
    EKS APIs    public, AWS credentials needed; to limit: --public-access-cidr
    kubeconfig  3 contexts in /home/you/.kube/config; the current one stays
    changes     create namespace karmada-system and record the fleet: the updated
                description of the fleet
    time        about 19 minutes
    added cost  about 0.41 USD per hour, 302.44 per month (730 hours)
                  210.24  3 × node m5.large
                   73.00  1 × EKS cluster, standard
                   19.20  3 × node disk, 80 GiB gp3
                not included: tax; list prices of 2026-10-15"
  `);
});

it('counts what the clusters have, not what is asked for and not applied', async () => {
  const account = restore(made);
  const planned = smallUp.replace('up', 'plan').replace(' --yes', '');
  const costOf = async (more: string): Promise<string | undefined> =>
    /(\d+) × node m5\.large/.exec((await succeed(account, `${planned} --member name=new${more}`)).stdout)?.[1];
  // Three in each of the three that are there, and those of the new one.
  expect(await costOf('')).toBe('12');
  expect(await costOf(' --nodes 6')).toBe('15');
  expect(await costOf(' --nodes 6 --reconcile')).toBe('24');
});

it('folds members that are alike in --details, and gives their names', async () => {
  const { stdout } = await succeed(newMachine(), `${plan} --details`);
  expect(stdout.match(/^3 members alike.*$/gm)).toMatchInlineSnapshot(`
    [
      "3 members alike   create EKS cluster <member> in us-west-2                      18        EKS cluster <member> in us-west-2, Kubernetes 1.35; 3 nodes m5.large, private subnets of vpc-00000000000000001 in us-west-2a, us-west-2b, us-west-2c",
      "3 members alike: demo-member-1, demo-member-2, demo-member-3",
    ]
  `);
  expect(stdout).toContain('join <member> (push)');
  expect(stdout).not.toContain('STATE');
  const half = await succeed(newMachine(), `${plan} --member name=x,mode=pull --details`.replace('--members 3 ', ''));
  expect(half.stdout).toContain('register x (pull)');
});

it('folds nothing that differs in more than its name', () => {
  const fleet = resolveFleet({ region, vpc: 'main', members: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
  const fold = (texts: Readonly<Record<string, string>>) =>
    foldAlike(
      Object.entries(texts).map(([scope, text]) => ({ scope, rows: [[text]] })),
      fleet,
    ).map(({ scopes, rows }) => `${scopes.join('+')}: ${rows.flat().join()}`);
  expect(fold({ a: 'join a', b: 'join b', c: 'join c (pull)' })).toEqual(['a+b: join <member>', 'c: join c (pull)']);
  // A name inside of a word is no name.
  expect(fold({ a: 'a plan-a', b: 'b plan-b' })).toEqual(['a: a plan-a', 'b: b plan-b']);
  expect(fold({ parent: 'the same', fleet: 'the same' })).toEqual(['parent+fleet: the same']);
});

it('shows each address that is opened, however many there are', async () => {
  const narrow = [1, 2, 3, 4, 5, 6].map((number) => `100.64.0.${number}/32`);
  const opened = [...narrow, '203.0.0.0/16'].map((range) => `--allow ${range}`).join(' ');
  const { stdout } = await succeed(newMachine(), `${plan} ${opened}`);
  expect(stdout).toContain(`open to ${narrow.join(', ')}, 203.0.0.0/16; load balancer`);
});

it('does not call a cluster existing that is not finished', async () => {
  const account = newMachine();
  const cluster = 'karmada-parent';
  account.state.conditions = [{ kind: 'control-plane-fails', cluster, reason: 'no capacity', times: 1 }];
  expect((await cli(account, smallUp)).code).toBe(4);
  const { stdout } = await succeed(account, `plan --region ${region}`);
  expect(stdout).toMatch(/push member one: EKS cluster [\w-]+ in us-west-2, which is not finished/);
  expect(stdout).not.toContain('which exists');
});
