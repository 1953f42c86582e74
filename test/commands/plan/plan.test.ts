/** What `plan --details` shows: steps by lane, time, cost, and the same as data. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { said } from '../../cli/output.js';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, otherRegion, region, smallUp, succeed } from '../../lifecycle/fleet.js';

const plan = `plan --region ${region} --vpc main --member name=one --member name=two,mode=pull,region=${otherRegion}`;

it('shows the steps lane by lane, then when each runs, then what the fleet costs', async () => {
  const { stdout, stderr } = await succeed(newMachine(), `${plan} --details`);
  const steps = stdout.slice(stdout.indexOf('SCOPE')).split('\n\n')[0]?.split('\n').slice(1) ?? [];
  // Each lane in one piece, named once.
  expect(steps.flatMap((line) => /^\S+/.exec(line) ?? [])).toEqual(['parent', 'one', 'two', 'fleet']);
  const chain = stdout.split('\n').filter((line) => line.includes('█') && !line.startsWith('█'));
  expect(chain.map((line) => line.split(' ')[0])).toEqual([
    'control-plane/parent',
    'write-kubeconfig/parent',
    'take-lease',
    'record-fleet',
    'expose-api',
    'init-karmada',
    'publish-api',
    'register-member/two',
    'merge-kubeconfig',
  ]);
  expect(stdout).toContain('█ critical path: ~21m   ▒ in parallel\n\nabout 21 minutes in total\n\n');
  expect(stdout).toMatch(/\n2 × EKS cluster, standard +us-west-2 +0\.1\/h +0\.2000 +146\.00\n/);
  expect(stdout).toMatch(/\n1 × Network Load Balancer +us-west-2 +0\.0225\/h +0\.0225 +16\.43\n/);
  expect(stderr).toContain('On-Demand list prices as of 2026-10-15, excluding tax and discounts; ');
  expect(stderr).not.toContain('no price known');
});

it.each([40, 80, 120, 200])('draws nothing wider than %d columns but words that cannot be broken', async (columns) => {
  const { stdout, stderr } = await succeed(newMachine(), `${plan} --details`, { columns });
  const lines = stripVTControlCharacters(stdout + stderr).split('\n');
  const tooWide = lines.filter((line) => stringWidth(line) > columns);
  for (const line of tooWide) {
    const [longest = 0] = line
      .split(/\s+/)
      .map((word) => word.length)
      .sort((a, b) => b - a);
    expect(longest, line).toBeGreaterThan(20);
  }
  expect(tooWide.filter((line) => /[█▒]|USD|×/.test(line))).toEqual([]);
});

it('says the same as JSON and as YAML, with all that is known', async () => {
  const [json, yaml] = await Promise.all(
    ['json', 'yaml'].map((format) => succeed(newMachine(), `${plan} -o ${format}`)),
  );
  const whole = JSON.parse(json?.stdout ?? '') as Record<string, unknown>;
  expect(parse(yaml?.stdout ?? '')).toEqual(whole);
  expect(whole).toMatchObject({
    fleet: { name: 'karmada' },
    facts: { kubernetesVersion: '1.35', kubernetesSupport: 'standard' },
    steps: expect.arrayContaining([expect.objectContaining({ id: 'init-karmada', state: 'absent' })]) as unknown,
    timeline: expect.arrayContaining([expect.objectContaining({ label: 'init-karmada', longest: true })]) as unknown,
    cost: { unknown: [], asOf: '2026-10-15' },
    iamPolicy: { Version: '2012-10-17' },
  });
});

it('refuses a format that it does not have', async () => {
  const ended = await cli(newMachine(), `${plan} -o xml`);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ --output: expected text, json, yaml, terraform or cloudformation, got "xml"
      code: invalid-value
    exit 2"
  `);
});

it('prices extended support when such a version is asked for', async () => {
  const { stdout } = await succeed(newMachine(), `${plan} --details --kubernetes-version 1.32`);
  expect(stdout).toMatch(/\n2 × EKS cluster, extended +us-west-2 +0\.6\/h +1\.2000 +876\.00\n/);
});

it('shows only what is left to do of a fleet that is half there', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const more = smallUp.replace('up', 'plan').replace(' --yes', '');
  const { stdout } = await succeed(account, `${more} --member name=new --details`);
  const bars = stdout.split('\n').filter((line) => /[█▒]/.test(line) && !line.startsWith('█'));
  expect(bars.map((line) => line.split(' ')[0])).toEqual([
    'take-lease',
    'create-cluster/new',
    'record-fleet',
    'write-kubeconfig/new',
    'join-member/new',
    'merge-kubeconfig',
  ]);
});

it('shows the cost before up asks', async () => {
  const { stdout } = await succeed(newMachine(), smallUp);
  expect(stdout).toMatch(/\ntime +about 21 minutes\ncost +about 1\.28 USD per hour, /);
});

it('gives each part as a line of its own with --json', async () => {
  const { stdout } = await succeed(newMachine(), `${plan} --commands --json`);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  expect(lines.map(({ type }) => type)).toEqual(['plan', 'cost', 'cost-total', 'timeline', 'commands']);
  expect(lines[2]).toMatchObject({ v: 1, usdPerHour: 1.317679, usdPerMonth: 961.905, unknown: [] });
});

it('has numbers as numbers and keys without blanks in every line, with --details or without', async () => {
  const words = [`${plan} --json`, `${plan} --details --json`];
  const [short, long] = await Promise.all(words.map((each) => succeed(newMachine(), each)));
  const sorted = (text = ''): readonly string[] => text.split('\n').sort();
  expect(sorted(long?.stdout)).toEqual(sorted(short?.stdout));
  const [steps, costs] = (short?.stdout ?? '').split('\n').map((line) => (line === '' ? {} : JSON.parse(line))) as {
    rows: Record<string, unknown>[];
  }[];
  expect(steps?.rows[0]).toMatchObject({ lane: 'parent', state: 'to do', minutes: 18 });
  expect(costs?.rows.at(0)).toEqual({
    what: '2 × EKS cluster, standard',
    region: 'us-west-2',
    usdEach: 0.1,
    usdPerHour: 0.2,
    usdPerMonth: 146,
  });
  expect(costs?.rows.at(-1)).toEqual({ what: 'total', region: '', usdPerHour: 1.317679, usdPerMonth: 961.905 });
  const keys = [...(steps?.rows ?? []), ...(costs?.rows ?? [])].flatMap((row) => Object.keys(row));
  expect(keys.filter((key) => !/^\w+$/.test(key))).toEqual([]);
});
