/** Words that are not clearly yes or no, empty values and two answers to one question: refused before anything is read. */
import { expect, it } from 'vitest';
import { runCli } from '../../src/main.js';
import { unknownVariables } from '../../src/options/unknown-variables.js';
import { yesOrNo } from '../../src/options/yes-or-no.js';
import { said } from '../cli/output.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

const base = ['up', '--region', region, '--vpc', 'main', '--yes'];

/** Runs, expects that neither AWS nor a program was asked, and answers what the user reads. */
async function refused(words: readonly string[], vars: RunOptions['vars'] = {}): Promise<string> {
  const ended = await cli(newMachine(), words, { vars });
  expect(ended).toMatchObject({ code: 2, stdout: '', calls: [] });
  return said(ended);
}

async function refusedFile(text: string): Promise<string> {
  const account = newMachine();
  account.state.files['/home/you/fleet.yaml'] = text;
  const ended = await cli(account, [...base, '--config', 'fleet.yaml']);
  expect(ended.code).toBe(2);
  expect(ended.calls.map(({ key }) => key)).toEqual(['file read /home/you/fleet.yaml']);
  return said(ended);
}

it('a closed set of words for yes and for no', () => {
  const words = 'true 1 yes y on TRUE Yes ON false 0 no n off False NO Off maybe oui 2 -1 t f enabled'.split(' ');
  expect(Object.fromEntries(words.map((word) => [word, yesOrNo(word)]))).toEqual({
    ...Object.fromEntries(['true', '1', 'yes', 'y', 'on', 'TRUE', 'Yes', 'ON'].map((word) => [word, true])),
    ...Object.fromEntries(['false', '0', 'no', 'n', 'off', 'False', 'NO', 'Off'].map((word) => [word, false])),
    ...Object.fromEntries(['maybe', 'oui', '2', '-1', 't', 'f', 'enabled'].map((word) => [word, undefined])),
  });
});

/** Runs with this word in KARMADA_EKS_REHEARSE; answers which worlds were opened, all of which fail. */
async function opening(word: string, argv: readonly string[]) {
  const rehearsed: boolean[] = [];
  const surroundings = fakeSurroundings(undefined, { KARMADA_EKS_REHEARSE: word });
  const open = async ({ rehearse }: { readonly rehearse: boolean }): Promise<never> => {
    rehearsed.push(rehearse);
    return await Promise.reject(new Error('opened'));
  };
  const code = await runCli({ open, surroundings, onStop: () => undefined }, argv);
  return { code, rehearsed, stderr: surroundings.stderr.text };
}

it('opens no world at all for an unclear KARMADA_EKS_REHEARSE', async () => {
  expect(await opening('jein', ['status'])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "rehearsed": [],
      "stderr": "✖ KARMADA_EKS_REHEARSE: expected yes (true, 1, yes, y, on) or no (false, 0, no, n, off), got "jein"
      code: invalid-value
    ",
    }
  `);
  expect(await opening('jein', ['status', '--rehearse'])).toMatchObject({ code: 2, rehearsed: [] });
  expect(await opening('', ['status', '--rehearse'])).toMatchObject({ code: 2, rehearsed: [] });
  for (const word of ['on', 'Y']) expect((await opening(word, ['status'])).rehearsed).toEqual([true]);
  for (const word of ['off', '0']) expect((await opening(word, ['status'])).rehearsed).toEqual([false]);
});

it('refuses --speed for a run against AWS; the variable may be meant for others', async () => {
  expect(await refused([...base, '--speed', '60'])).toMatchInlineSnapshot(`
    "✖ --speed requires --rehearse
      next: add --rehearse, or omit --speed
      code: invalid-value
    exit 2"
  `);
  const unmoved = await cli(newMachine(), ['status', '--region', region], { vars: { KARMADA_EKS_SPEED: '60' } });
  expect(said(unmoved)).toContain('code: fleet-not-found');
  expect((await opening('on', ['status', '--speed', '60'])).rehearsed).toEqual([true]);
});

it('looks nowhere for a completion while KARMADA_EKS_REHEARSE is unclear, else where it says', async () => {
  const words = ['complete', '--', 'up', '--region', region, '--vpc', ''];
  for (const word of ['jein', '']) expect((await opening(word, words)).rehearsed).toEqual([]);
  expect((await opening('on', words)).rehearsed).toEqual([true]);
  expect((await opening('off', words)).rehearsed).toEqual([false]);
});

it('a variable that is neither yes nor no', async () => {
  expect(await refused(base, { KARMADA_EKS_INTERNAL: 'private' })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_INTERNAL: expected yes (true, 1, yes, y, on) or no (false, 0, no, n, off), got "private"
      code: invalid-value
    exit 2"
  `);
});

it('KARMADA_EKS_INTERNAL=on is yes', async () => {
  const { stdout } = await succeed(newMachine(), `plan --region ${region} --vpc main -o json`, {
    vars: { KARMADA_EKS_INTERNAL: 'on' },
  });
  expect(JSON.parse(stdout)).toMatchObject({ fleet: { internal: true } });
});

it('a variable that is unclear although a flag goes before it', async () => {
  expect(await refused([...base, '--internal'], { KARMADA_EKS_INTERNAL: 'ture' })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_INTERNAL: expected yes (true, 1, yes, y, on) or no (false, 0, no, n, off), got "ture"
      code: invalid-value
    exit 2"
  `);
});

it('a variable of how the verb is run', async () => {
  expect(await refused(['down', '--confirm', 'karmada'], { KARMADA_EKS_YES: 'sure' })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_YES: expected yes (true, 1, yes, y, on) or no (false, 0, no, n, off), got "sure"
      code: invalid-value
    exit 2"
  `);
});

it.each(['--public-access-cidr', '--allow', '--vpc', '--fleet', '--config', '--admin', '--concurrency', '--crds'])(
  '%s with an empty value',
  async (flag) => {
    const text = await refused(['up', '--yes', flag, '']);
    expect(text.replaceAll(flag, '--FLAG')).toMatchInlineSnapshot(`
      "✖ --FLAG: expected a value, got an empty one
        next: set a value for --FLAG, or omit it
        code: invalid-value
      exit 2"
    `);
    expect(await refused(['up', '--yes', `${flag}=  `])).toContain(`${flag}: expected a value, got an empty one`);
  },
);

it.each(['REGION', 'PUBLIC_ACCESS_CIDR', 'ALLOW', 'MEMBER', 'INTERNAL', 'YES', 'HOME', 'DEFAULT_VPC', 'SPEED'])(
  'KARMADA_EKS_%s that is set but empty',
  async (name) => {
    const text = await refused(base, { [`KARMADA_EKS_${name}`]: '' });
    expect(text.replaceAll(name, 'X')).toMatchInlineSnapshot(`
      "✖ KARMADA_EKS_X: expected a value, got an empty one
        next: set a value for KARMADA_EKS_X, or unset it
        code: invalid-value
      exit 2"
    `);
  },
);

it('an empty AWS_REGION counts as not set, as with the AWS CLI', async () => {
  const { stdout } = await succeed(newMachine(), `plan --vpc main -o json`, {
    vars: { AWS_REGION: '', AWS_DEFAULT_REGION: region },
  });
  expect(JSON.parse(stdout)).toMatchObject({ fleet: { parent: { region } } });
});

it('an empty item in a list', async () => {
  const vars = { KARMADA_EKS_PUBLIC_ACCESS_CIDR: '203.0.113.7/32,', KARMADA_EKS_MEMBER: 'name=a;;name=b' };
  expect(await refused([...base, '--allow', '203.0.113.7/32,,198.51.100.0/24'], vars)).toMatchInlineSnapshot(`
    "✖ 3 values are invalid
      1. --allow: expected values, got an empty one in "203.0.113.7/32,,198.51.100.0/24" (invalid-value)
         next: remove the empty one
      2. KARMADA_EKS_MEMBER: expected values, got an empty one in "name=a;;name=b" (invalid-value)
         next: remove the empty one
      3. KARMADA_EKS_PUBLIC_ACCESS_CIDR: expected values, got an empty one in "203.0.113.7/32," (invalid-value)
         next: remove the empty one
      code: invalid-value
    exit 2"
  `);
});

it('an empty item of join and an empty name of unjoin', async () => {
  expect(await refused(['join', '--cluster', ''], { KARMADA_EKS_SOURCE: '198.51.100.7/32,' })).toMatchInlineSnapshot(`
    "✖ 2 values are invalid
      1. --cluster: expected a value, got an empty one (invalid-value)
         next: set a value for --cluster, or omit it
      2. KARMADA_EKS_SOURCE: expected values, got an empty one in "198.51.100.7/32," (invalid-value)
         next: remove the empty one
      code: invalid-value
    exit 2"
  `);
  expect(await refused(['unjoin', 'one', ''])).toMatchInlineSnapshot(`
    "✖ expected a name, got an empty one
      code: invalid-value
    exit 2"
  `);
});

it('fields of a member that are empty, said twice, or neither yes nor no', async () => {
  const members = [
    'name=a,existing=maybe',
    'name=b,region=',
    'name=c,,vpc=x',
    'name=d,mode=push,mode=pull',
    'sources=+',
  ];
  expect(await refused([...base, ...members.flatMap((each) => ['--member', each])])).toMatchInlineSnapshot(`
    "✖ 5 values are invalid
      1. --member existing: expected yes (true, 1, yes, y, on) or no (false, 0, no, n, off), got "maybe" (invalid-value)
      2. --member region: expected a value, got an empty one in "name=b,region=" (invalid-value)
      3. --member: expected FIELD=VALUE, got an empty field in "name=c,,vpc=x" (invalid-value)
      4. --member mode: expected once, got several in "name=d,mode=push,mode=pull" (invalid-value)
      5. --member sources: expected a value, got an empty one in "sources=+" (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('existing=on of a member is yes', async () => {
  const ended = await cli(newMachine(), [...base, '--member', 'name=a,existing=on']);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ EKS has no cluster a in us-west-2
      next: 1. check its name, region and account: aws eks list-clusters
            2. to create it, use join --create, or omit existing=true
      code: cluster-absent
    exit 3"
  `);
});

it('one flag with two values', async () => {
  expect(await refused([...base, '--region', 'eu-west-1', '--nodes', '3', '--nodes', '3'])).toMatchInlineSnapshot(`
    "✖ --region: expected one value, got "us-west-2" and "eu-west-1"
      next: set --region once
      code: invalid-value
    exit 2"
  `);
});

it('a number of members and members by name', async () => {
  expect(await refused([...base, '--members', '1', '--member', 'name=a'])).toMatchInlineSnapshot(`
    "✖ --members and --member: expected one of them, got both
      next: omit --members or --member
      code: invalid-value
    exit 2"
  `);
  expect(await refused(base, { KARMADA_EKS_MEMBERS: '1', KARMADA_EKS_MEMBER: 'name=a' })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_MEMBERS and KARMADA_EKS_MEMBER: expected one of them, got both
      next: omit KARMADA_EKS_MEMBERS or KARMADA_EKS_MEMBER
      code: invalid-value
    exit 2"
  `);
});

it('two forms of which only one can be given, by flags or by variables', async () => {
  expect(await refused(['kubeconfig', '--path', '--merge', '--print'])).toMatchInlineSnapshot(`
    "✖ --merge, --print and --path: expected one of them, got all
      next: omit all but one
      code: invalid-value
    exit 2"
  `);
  const vars = { KARMADA_EKS_PRINT: 'yes', KARMADA_EKS_PATH: 'no', KARMADA_EKS_MERGE: 'yes' };
  expect(await refused(['kubeconfig'], vars)).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_MERGE and KARMADA_EKS_PRINT: expected one of them, got both
      next: omit KARMADA_EKS_MERGE or KARMADA_EKS_PRINT
      code: invalid-value
    exit 2"
  `);
  const { code, stderr } = await cli(newMachine(), `kubeconfig --region ${region} --path`, { vars });
  expect([code, stderr]).toEqual([2, expect.stringContaining('KARMADA_EKS_MERGE and KARMADA_EKS_PRINT')]);
});

it('values of the wrong kind, by flag and by variable', async () => {
  const vars = { KARMADA_EKS_SPEED: 'fast', KARMADA_EKS_OUTPUT: 'wide' };
  expect(await refused(['plan', '--concurrency', '2.5'], vars)).toMatchInlineSnapshot(`
    "✖ 3 values are invalid
      1. --concurrency: expected a whole number from 1 to 100, got "2.5" (invalid-value)
      2. KARMADA_EKS_OUTPUT: expected text, json, yaml, terraform or cloudformation, got "wide" (invalid-value)
      3. KARMADA_EKS_SPEED: expected a number from 1 to 600, got "fast" (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('a flag for members goes before a variable that names them in the other way', async () => {
  const { stdout } = await succeed(newMachine(), `plan --region ${region} --vpc main --members 1 -o json`, {
    vars: { KARMADA_EKS_MEMBER: 'name=a;name=b' },
  });
  expect(JSON.parse(stdout)).toMatchObject({ fleet: { members: [{ name: 'karmada-member-1' }] } });
});

it('a file without content, such as a template that was filled with nothing', async () => {
  expect(await refusedFile('')).toMatchInlineSnapshot(`
    "✖ /home/you/fleet.yaml is empty
      next: describe the fleet in it, or omit --config
      code: config-unreadable
    exit 2"
  `);
  expect(await refusedFile('# fleet: shop\n')).toContain('is empty');
});

it('a file whose parts are empty or neither true nor false', async () => {
  expect(
    await refusedFile(
      'publicAccess:\nallow: [""]\ninternal: on\nuseExisting:\nmembers:\n  - name: a\n    existing: maybe\n',
    ),
  ).toMatchInlineSnapshot(`
    "✖ 5 values are invalid
      1. /home/you/fleet.yaml: members.0.existing: expected true or false (got "maybe") (invalid-value)
      2. /home/you/fleet.yaml: allow.0: expected a CIDR such as 203.0.113.7/32 (got "") (invalid-value)
      3. /home/you/fleet.yaml: internal: expected true or false (got "on") (invalid-value)
      4. /home/you/fleet.yaml: publicAccess: expected a value, got nothing (invalid-value)
      5. /home/you/fleet.yaml: useExisting: expected a value, got nothing (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('a file that names nobody who may reach the endpoints', async () => {
  expect(await refusedFile('publicAccess: []\n')).toMatchInlineSnapshot(`
    "✖ /home/you/fleet.yaml: publicAccess: expected at least one CIDR, got an empty list
      next: 1. list who may reach the endpoints
            2. or omit publicAccess, or use ['0.0.0.0/0'] for everyone
      code: invalid-value
    exit 2"
  `);
});

it('an unclear word as JSON', async () => {
  const { code, stdout, stderr } = await cli(newMachine(), `${smallUp} --json`, {
    vars: { KARMADA_EKS_USE_EXISTING: 'x' },
  });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ type: 'problem', problem: { code: 'invalid-value' } });
});

it('a variable of the program’s that nothing reads, with what may be meant', async () => {
  expect(await refused(base, { KARMADA_EKS_RGION: 'eu-west-1' })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_RGION is set, but karmada-eks has no such variable
      next: did you mean KARMADA_EKS_REGION? If not, unset KARMADA_EKS_RGION
      code: invalid-value
    exit 2"
  `);
  expect(await refused(base, { KARMADA_EKS_COLOUR: 'no', KARMADA_EKS_MEMBRES: '3' })).toMatchInlineSnapshot(`
    "✖ 2 values are invalid
      1. KARMADA_EKS_COLOUR is set, but karmada-eks has no such variable (invalid-value)
         next: unset KARMADA_EKS_COLOUR
      2. KARMADA_EKS_MEMBRES is set, but karmada-eks has no such variable (invalid-value)
         next: did you mean KARMADA_EKS_MEMBERS? If not, unset KARMADA_EKS_MEMBRES
      code: invalid-value
    exit 2"
  `);
});

it('every variable of the reference is known, whatever the command', async () => {
  const { readFileSync } = await import('node:fs');
  const page = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');
  const names = [...new Set(page.match(/KARMADA_EKS_[A-Z]+(?:_[A-Z]+)*/g))];
  expect(names.length).toBeGreaterThan(35);
  expect(unknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
});
