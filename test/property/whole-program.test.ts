/** Whatever stands in its files, and whatever the tools say: the program ends as documented, and moves no terminal. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { type Account, newAccount, restore } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli, type Ended, type RunOptions } from '../lifecycle/cli.js';
import { fleetFolder, region, smallUp } from '../lifecycle/fleet.js';
import { rehearsedLife } from './real-outputs.js';
import { runs } from './runs.js';
import { anyText, commanding, mutated, noise } from './texts.js';

const codes = Object.values(ExitCode).filter((code) => code !== ExitCode.internal);

/** Runs and expects an end that is no bug, told without anything that a terminal would obey. */
async function expectOrderly(account: Account, words: readonly string[], options?: RunOptions): Promise<Ended> {
  const ended = await cli(account, words, options);
  expect(codes, `${words.join(' ')}\n${ended.stderr}`).toContain(ended.code);
  expect(ended.stdout).not.toMatch(commanding);
  expect(ended.stderr).not.toMatch(commanding);
  return ended;
}

const config = `# a fleet
fleet: demo
region: ${region}
vpc: main
members:
  - name: one
  - { name: two, mode: pull, cluster: Two_2 }
nodes: 3
instanceType: m5.large
kubernetesVersion: '1.35'
allow: [203.0.113.0/24]
admins: ["arn:aws:iam::111122223333:role/admin"]
internal: false
`;

const odd = [
  'a: &a [*a]',
  'a: *nowhere',
  '<<: {fleet: x}',
  'members: &m [*m]',
  `a: &a [x,x]\n${'bcdefghijk'.replace(/./g, (letter) => `${letter}: &${letter} [*a,*a,*a,*a,*a,*a,*a,*a]\n`)}`,
  `a0: &a0 x\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n},*a${n}]\n`).join('')}`,
  '{"__proto__": {"fleet": "x"}, "constructor": 1}',
  '? [complex, key]\n: value',
  '!!binary aGVsbG8=',
  '--- 1\n--- 2\n',
  '%YAML 9.9\n---\na',
  'fleet: 2026-11-22',
  'nodes: 0x10',
  'nodes: .inf',
  'members: 1e9',
];

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  noise,
  fc.constantFrom(...odd),
);

/** Configuration files: real ones with mistakes, and YAML of every other kind. */
const configs = fc.oneof(
  { weight: 3, arbitrary: anyText([config]) },
  { weight: 2, arbitrary: values },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('fleet', 'region', 'vpc', 'members', 'nodes', 'allow', 'admins', 'crds', 'former'), values)
      .map(([key, value]) => `${config.replace(new RegExp(`^${key}:.*\\n(?: .*\\n)*`, 'm'), '')}${key}: ${value}\n`),
  },
);

describe('a configuration file', () => {
  it('is a plan or is refused', async () => {
    const property = fc.asyncProperty(configs, async (text) => {
      const account = newAccount();
      addVpc(account, { region, name: 'main' });
      account.state.files['/home/you/fleet.yaml'] = text;
      await expectOrderly(account, ['plan', '--config', 'fleet.yaml', '--region', region, '--vpc', 'main']);
    });
    await fc.assert(property, { ...runs(25), examples: odd.map((text): [string] => [text]) });
  });
});

describe('a fleet that is up', () => {
  let before = '';
  let spoken: readonly string[] = [];

  beforeAll(async () => {
    const life = await rehearsedLife();
    before = life.account;
    spoken = Object.values(life.outputs).flat();
  }, 60_000);

  const verbs = [['status'], ['status', '-o', 'json'], smallUp.replace('up', 'plan').replace(' --yes', '').split(' ')];
  const verb = fc.constantFrom(...verbs);
  const anywhere = fc.nat(40);

  it('is reported or not, whatever its record says', async () => {
    const path = `${fleetFolder}/fleet.json`;
    const record = (JSON.parse(before) as { files: Record<string, string> }).files[path] ?? '';
    const property = fc.asyncProperty(anyText([record]), verb, async (text, words) => {
      const account = restore(before);
      account.state.files[path] = text;
      await expectOrderly(account, words);
    });
    await fc.assert(property, runs(25));
  });

  it('is found again or not, whatever its parent says of it', async () => {
    const property = fc.asyncProperty(fc.nat(), noise, fc.boolean(), async (at, text, isCut) => {
      const account = restore(before);
      delete account.state.files[`${fleetFolder}/fleet.json`];
      const api = Object.values(account.state.apis).find(({ cluster }) => cluster === 'karmada-parent');
      const data = api?.objects['configmaps/karmada-system/karmada-eks']?.['data'] as Record<string, string>;
      const description = data['fleet.json'] ?? '';
      const from = at % description.length;
      data['fleet.json'] = description.slice(0, from) + text + (isCut ? '' : description.slice(from));
      await expectOrderly(account, ['status', '--region', region]);
    });
    await fc.assert(property, runs(15));
  });

  it('is found by its tags or not, whatever they say, and is looked for in regions and in its own folder', async () => {
    const hostile = fc.oneof(noise, fc.constantFrom('../../../x', '/etc/x', 'a/b', '--all', 'parent', 'x y', 'a.b:1'));
    const property = fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 6 }), async (values) => {
      const account = restore(before);
      const simulated = account.region(region);
      delete account.state.files[`${fleetFolder}/fleet.json`];
      delete simulated.clusters['karmada-parent'];
      for (const [index, { tags }] of simulated.stacks.entries()) {
        tags['alpha.eksctl.io/cluster-name'] = values[index % values.length] ?? '';
        tags['karmada-eks/regions'] = `${region} ${values[(index + 1) % values.length]}`;
      }
      const { calls } = await expectOrderly(account, ['status', '--region', region]);
      const asked = calls.map(({ key }) => key).filter((key) => /^(aws|file) /.test(key));
      const expected = /^aws \w+:\w+ [a-z]{2}-[a-z]+-\d$|^file \w+ \/home\/you\/[\w./@-]*$/;
      expect(asked.filter((key) => !expected.test(key) || key.includes('..'))).toEqual([]);
    });
    await fc.assert(property, runs(25));
  });

  it('is asked after in good order, whatever the tools answer', async () => {
    const calls = fc.constantFrom('exec kubectl *', 'exec kubectl-karmada *', 'exec eksctl *', 'exec aws*', 'exec *');
    const garbage = fc.nat().chain((n) => mutated([spoken[n % spoken.length] ?? '']));
    const property = fc.asyncProperty(
      verb,
      calls,
      anywhere,
      fc.oneof(garbage, noise),
      fc.boolean(),
      async (...given) => {
        const [words, call, skip, message, isFailure] = given;
        const kind = isFailure ? 'fail' : 'garbage';
        await expectOrderly(restore(before), words, { faults: [{ call, kind, skip, message, times: 3 }] });
      },
    );
    await fc.assert(property, runs(30));
  });

  it('is asked after in good order, whatever AWS answers instead', async () => {
    const errors = fc.constantFrom('ExpiredToken', 'AccessDenied', 'ThrottlingException', 'OddException', '');
    const property = fc.asyncProperty(verb, anywhere, errors, noise, async (words, skip, code, message) => {
      const fault = { call: 'aws *', kind: 'fail', skip, code, message, times: 2 } as const;
      await expectOrderly(restore(before), words, { faults: [fault] });
    });
    await fc.assert(property, runs(20));
  });

  it('is deleted or left in good order, whatever the tools answer', async () => {
    const garbage = fc.nat().chain((n) => mutated([spoken[n % spoken.length] ?? '']));
    const property = fc.asyncProperty(
      fc.nat(60),
      fc.oneof(garbage, noise),
      fc.boolean(),
      async (skip, message, isFailure) => {
        const fault = { call: 'exec *', kind: isFailure ? 'fail' : 'garbage', skip, message, times: 2 } as const;
        await expectOrderly(restore(before), ['down', '--yes', '--confirm', 'karmada'], { faults: [fault] });
      },
    );
    await fc.assert(property, runs(20));
  });
});
