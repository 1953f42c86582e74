/** What is wrong in what was typed, in the environment or in the file, in the words in which the user reads it. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { newMachine, region } from '../lifecycle/fleet.js';

const configPath = '/home/you/fleet.yaml';

async function told(words: string | readonly string[], options?: RunOptions): Promise<string> {
  return said(await cli(newMachine(), words, options));
}

/** With this text in the file of --config. */
async function toldOf(config: string): Promise<string> {
  const account = newMachine();
  account.state.files[configPath] = config;
  return said(await cli(account, 'plan --config fleet.yaml'));
}

it('values that are wrong', async () => {
  const words = 'up --region mars --yes --nodes 2 --members many --instance-type big --allow me --fleet Karmada';
  expect(await told(words)).toMatchInlineSnapshot(`
    "✖ 6 values are invalid
      1. --fleet: invalid name: use up to 30 lowercase letters, digits and hyphens, starting with a letter (got "Karmada") (invalid-value)
      2. --region: expected a region such as eu-west-1 (got "mars") (invalid-value)
      3. --members: expected a number from 0 to 100 or a list of members (got "many") (invalid-value)
      4. --nodes: expected at least 3 nodes, one per Karmada API server (got 2) (invalid-value)
      5. --instance-type: expected an instance type such as m5.large (got "big") (invalid-value)
      6. --allow: expected a CIDR such as 203.0.113.7/32 (got "me") (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('one value that is wrong', async () => {
  expect(await told(`up --region ${region} --vpc main --yes --kubernetes-version 2`)).toMatchInlineSnapshot(`
    "✖ --kubernetes-version: expected a version such as 1.35 (got "2")
      code: invalid-value
    exit 2"
  `);
});

it('members that are wrong', async () => {
  const words = `up --region ${region} --vpc main --yes --member name=A,mode=pusch --member mode=pull --member name=x,colour=red`;
  expect(await told(words)).toMatchInlineSnapshot(`
    "✖ 4 values are invalid
      1. --member name: invalid name: use up to 48 lowercase letters, digits and hyphens, starting and ending with a letter or digit (got "A") (invalid-value)
      2. --member mode: expected push or pull (got "pusch") (invalid-value)
      3. --member name: each member needs a name (invalid-value)
      4. --member: unknown field "colour"; expected name, cluster, region, vpc, zones, subnets, volumeSize, spot, amiFamily, clusterConfigPatch, mode, account, role, externalId, existing, context, sources (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('a member without a field', async () => {
  expect(await told(`up --region ${region} --vpc main --yes --member eu`)).toMatchInlineSnapshot(`
    "✖ --member: expected FIELD=VALUE, got "eu"
      next: did you mean name=eu?
      code: invalid-value
    exit 2"
  `);
});

it('names that clash', async () => {
  const words = `up --region ${region} --vpc main --yes --member name=a --member name=a --member name=parent`;
  expect(await told(words)).toMatchInlineSnapshot(`
    "✖ names conflict
      1. two members are named a (invalid-value)
         next: give each member a unique name: --member name=…
      2. a member cannot be named parent (invalid-value)
         next: give each member a unique name: --member name=…
      3. EKS cluster a in us-west-2 is listed twice (invalid-value)
         next: give each member a unique name: --member name=…
      code: invalid-value
    exit 2"
  `);
});

it('a variable that is wrong', async () => {
  const vars = { KARMADA_EKS_NODES: 'three', KARMADA_EKS_REGION: region };
  expect(await told('up --vpc main --yes', { vars })).toMatchInlineSnapshot(`
    "✖ KARMADA_EKS_NODES: expected a whole number from 3 to 100 (got "three")
      code: invalid-value
    exit 2"
  `);
});

it('a version that EKS does not offer', async () => {
  expect(await told(`up --region ${region} --vpc main --yes --kubernetes-version 1.20`)).toMatchInlineSnapshot(`
    "✖ EKS does not offer Kubernetes 1.20
      why:  it offers 1.36, 1.35, 1.34, 1.33, 1.32, 1.31
      next: choose one of them with --kubernetes-version
      code: kubernetes-version
    exit 3"
  `);
});

it('an instance type that the region does not have', async () => {
  expect(await told(`up --region ${region} --vpc main --yes --instance-type m99.large`)).toMatchInlineSnapshot(`
    "✖ instance type m99.large is not available in us-west-2
      next: choose another with --instance-type
      code: invalid-value
    exit 2"
  `);
});

it('a region that nobody named', async () => {
  expect(await told('status')).toMatchInlineSnapshot(`
    "✖ a value is missing and there is no terminal to ask for it: region
      next: set --region or KARMADA_EKS_REGION
      code: missing-value
    exit 2"
  `);
});

it('a file that is missing', async () => {
  expect(await told('plan --config fleet.yaml')).toMatchInlineSnapshot(`
    "✖ /home/you/fleet.yaml does not exist
      next: set another file: --config
      code: config-unreadable
    exit 2"
  `);
});

it('a folder instead of a file', async () => {
  const account = newMachine();
  account.state.files['/home/you/conf/fleet.yaml'] = '';
  expect(said(await cli(account, 'plan --config conf'))).toMatchInlineSnapshot(`
    "✖ /home/you/conf is a folder, not a file
      next: set another file: --config
      code: config-unreadable
    exit 2"
  `);
});

it('a file that may not be read', async () => {
  const account = newMachine();
  account.state.files[configPath] = 'region: us-west-2';
  const message = "EACCES: permission denied, open '/home/you/fleet.yaml'";
  const faults = [{ call: `file read ${configPath}`, kind: 'fail', code: 'EACCES', message }] as const;
  expect(said(await cli(account, 'plan --config fleet.yaml', { faults }))).toMatchInlineSnapshot(`
    "✖ /home/you/fleet.yaml cannot be read
      why:  EACCES: permission denied, open '/home/you/fleet.yaml'
      next: set another file: --config
      code: config-unreadable
    exit 2"
  `);
});

it('a file that is not YAML', async () => {
  expect(await toldOf('fleet: [\nregion: x\n')).toMatchInlineSnapshot(`
    "✖ /home/you/fleet.yaml is not YAML
      why:  Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:
      next: fix the file
      code: config-unreadable
    exit 2"
  `);
});

it('a file with an unknown key and a wrong value', async () => {
  expect(await toldOf('regoin: us-west-2\nnodes: 1\nmembers:\n  - name: a\n    mod: pull\n')).toMatchInlineSnapshot(`
    "✖ 3 values are invalid
      1. /home/you/fleet.yaml: members.0: unknown field "mod"; did you mean mode? (invalid-value)
      2. /home/you/fleet.yaml: nodes: expected at least 3 nodes, one per Karmada API server (got 1) (invalid-value)
      3. /home/you/fleet.yaml: unknown field "regoin"; did you mean region? (invalid-value)
      code: invalid-value
    exit 2"
  `);
});

it('a weight too many for one member', async () => {
  const account = newMachine();
  await cli(account, `up --region ${region} --vpc main --yes --members 1`, { killAt: 20 });
  expect(said(await cli(account, 'demo --weights 1,2'))).toContain('--weights needs 1 whole number from 1 to 100');
});

it('weights that do not fit', async () => {
  const account = newMachine();
  await cli(account, `up --region ${region} --vpc main --yes --members 2`, { killAt: 20 });
  expect(said(await cli(account, 'demo --weights 1,2,3'))).toMatchInlineSnapshot(`
    "✖ --weights needs 2 whole numbers from 1 to 100, one per member (got 1,2,3)
      next: the members are karmada-member-1, karmada-member-2
      code: invalid-value
    exit 2"
  `);
});

it('a flag that does not exist', async () => {
  expect(await told(`up --regoin ${region}`)).toMatchInlineSnapshot(`
    "✖ unknown flag '--regoin'
      next: 1. did you mean --region?
            2. run 'karmada-eks up --help' for usage
      code: invalid-usage
    exit 2"
  `);
  expect(await told('tools install --colour')).toMatchInlineSnapshot(`
    "✖ unknown flag '--colour'
      next: run 'karmada-eks tools install --help' for usage
      code: invalid-usage
    exit 2"
  `);
});

it('help on a command that does not exist', async () => {
  expect(await told('help nope')).toMatchInlineSnapshot(`
    "✖ unknown command 'nope'
      next: run 'karmada-eks --help' for usage
      code: invalid-usage
    exit 2"
  `);
});

it('a command that does not exist', async () => {
  expect(await told('stats')).toMatchInlineSnapshot(`
    "✖ unknown command 'stats'
      next: 1. did you mean status?
            2. run 'karmada-eks --help' for usage
      code: invalid-usage
    exit 2"
  `);
  expect(await told('tools instal')).toMatchInlineSnapshot(`
    "✖ unknown command 'instal'
      next: 1. did you mean install?
            2. run 'karmada-eks tools --help' for usage
      code: invalid-usage
    exit 2"
  `);
});

it('too many words, and too few', async () => {
  expect(await told('up now please')).toMatchInlineSnapshot(`
    "✖ expected 0 arguments, got 2
      next: run 'karmada-eks up --help' for usage
      code: invalid-usage
    exit 2"
  `);
  expect(await told('completion bash zsh')).toContain('✖ expected 1 argument, got 2\n');
  expect(await told('unjoin')).toMatchInlineSnapshot(`
    "✖ expected <member>, got nothing
      next: run 'karmada-eks unjoin --help' for usage
      code: invalid-usage
    exit 2"
  `);
  expect(await told('up --vpc')).toMatchInlineSnapshot(`
    "✖ --vpc: expected a value, got nothing
      next: run 'karmada-eks up --help' for usage
      code: invalid-usage
    exit 2"
  `);
});

it('a line without a command is answered with the help, exit 2', async () => {
  for (const words of [[], ['tools']]) {
    const { code, stdout, stderr } = await cli(newMachine(), words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: karmada-eks /);
    expect(stderr).not.toContain('code:');
  }
});

it.each([
  ['up --colour --json', {}],
  ['up --colour', { KARMADA_EKS_JSON: 'yes' }],
])('an unknown flag as JSON: %s', async (words, vars) => {
  const { code, stdout, stderr } = await cli(newMachine(), words, { vars });
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    v: 1,
    type: 'problem',
    problem: {
      code: 'invalid-usage',
      what: "unknown flag '--colour'",
      next: ["run 'karmada-eks up --help' for usage"],
      parts: [],
    },
  });
});

it('an unknown flag of a rehearsal', async () => {
  const { stderr } = await cli(newMachine(), 'up --rehearse --colour');
  expect(stderr).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    ✖ unknown flag '--colour'
      next: run 'karmada-eks up --help' for usage
      code: invalid-usage
    "
  `);
});

it('a problem as JSON', async () => {
  const { code, stdout, stderr } = await cli(newMachine(), `up --json --region ${region} --vpc other --yes`, {
    alone: true,
  });
  expect(code).toBe(3);
  expect(stderr).toBe('');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchInlineSnapshot(`
    [
      {
        "problem": {
          "code": "vpc-not-found",
          "next": [
            "choose another VPC with --vpc (ID or Name tag; * matches any text)",
            "or choose another --region",
          ],
          "parts": [],
          "what": "no VPC other in us-west-2",
          "why": "available VPCs: vpc-00000000000000001 (main, 10.0.0.0/16)",
        },
        "type": "problem",
        "v": 1,
      },
    ]
  `);
});
