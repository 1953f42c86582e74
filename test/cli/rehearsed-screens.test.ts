/** A rehearsal says that it is one on every screen, and no command that it shows leads out of it. */
import { expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.js';
import { Problem } from '../../src/errors/problem.js';
import { makeUi } from '../../src/ui/make-ui.js';
import { cli, type Ended } from '../lifecycle/cli.js';
import { newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';
import { said } from './output.js';

const note = 'rehearsal: simulated account; nothing in AWS is read or changed\n';

/** Commands of the program that would act on the real account when they are typed as they stand. */
function leadingOut({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): readonly string[] {
  const names = commandTable.map(({ name }) => name).join('|');
  const commands = `${stdout}\n${stderr}`.match(new RegExp(`karmada-eks (?:${names})\\b.*`, 'g')) ?? [];
  return commands.filter((command) => !command.includes('--rehearse'));
}

it('in a whole life: every screen begins with it, every next command stays in it', async () => {
  const account = newMachine();
  const lives = [
    `plan --region ${region} --vpc main --commands`,
    'plan',
    'status',
    `doctor --region ${region} --vpc main`,
    `up --region ${region} --vpc other --yes`,
    smallUp,
    smallUp,
    'status',
    'status -o wide',
    'clusters',
    'kubeconfig',
    'demo --weights 1,2',
    'demo --weights 1,2,3',
    'unjoin one --yes',
    'up --members 0 --yes',
    'status',
    'unjoin nobody --yes',
    'support-bundle',
    'down',
    'down --yes --confirm karmada',
    'status',
    'tools install --only kubectl --from /nowhere',
  ];
  let commands = 0;
  for (const words of lives) {
    const ended = await cli(account, `${words} --rehearse`);
    expect(ended.stderr.startsWith(note), words).toBe(true);
    expect(leadingOut(ended), words).toEqual([]);
    commands += `${ended.stdout}${ended.stderr}`.match(/karmada-eks [\w ]+ --rehearse/g)?.length ?? 0;
  }
  expect(commands).toBeGreaterThanOrEqual(10);
});

it('outside of a rehearsal nothing is added', async () => {
  const { stdout, stderr } = await cli(newMachine(), smallUp);
  expect(`${stdout}${stderr}`).not.toMatch(/rehears/);
});

it('the end of up', async () => {
  const { stdout } = await cli(newMachine(), `${smallUp} --rehearse`);
  expect(stdout.slice(stdout.indexOf('fleet karmada is up'))).toMatchInlineSnapshot(`
    "fleet karmada is up: 2 members

    the state of the fleet:
      karmada-eks status --rehearse --fleet karmada --region us-west-2
    a sample workload, divided among the members:
      karmada-eks demo --rehearse --fleet karmada --region us-west-2
    delete all of it:
      karmada-eks down --rehearse --fleet karmada --region us-west-2
    "
  `);
});

it('the end of up outside of it has a workload too', async () => {
  const { stdout } = await cli(newMachine(), smallUp);
  expect(stdout.slice(stdout.indexOf('fleet karmada is up'))).toMatchInlineSnapshot(`
    "fleet karmada is up: 2 members

    the state of the fleet:
      karmada-eks status --fleet karmada --region us-west-2
    a sample workload, divided among the members:
      karmada-eks demo --fleet karmada --region us-west-2
    a workload of your own in every member (more: docs/workloads.md):
      kubectl --context karmada-apiserver create deployment web --image=nginx
      echo '
        apiVersion: policy.karmada.io/v1alpha1
        kind: PropagationPolicy
        metadata: {name: web}
        spec:
          resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: web}]
      ' | kubectl --context karmada-apiserver apply -f -
    delete all of it:
      karmada-eks down --fleet karmada --region us-west-2
    "
  `);
});

it('every command at the end of up works as it is printed', async () => {
  const account = newMachine();
  const { stdout } = await cli(account, `${smallUp} --rehearse`);
  const end = stdout.slice(stdout.indexOf('fleet karmada is up')).split('\n');
  const commands = end.filter((line) => line.startsWith('  ')).map((line) => line.trim());
  expect(commands.map((command) => command.split(' ')[1])).toEqual(['status', 'demo', 'down']);
  for (const command of commands) {
    const words = command.replace('karmada-eks ', '');
    await succeed(account, words.startsWith('down') ? `${words} --yes --confirm karmada` : words);
  }
});

it('an error', async () => {
  const { code, stderr } = await cli(newMachine(), 'status --region us-west-2 --rehearse');
  expect(code).toBe(3);
  expect(stderr).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    ✖ no fleet karmada in us-west-2
      why:  this machine has no record of it, and no EKS cluster or stack has the tags of a fleet of this name
      next: 1. set another fleet or region: --fleet, --region
            2. or create it: karmada-eks up --rehearse --fleet karmada --region us-west-2
      code: fleet-not-found
    "
  `);
});

it('an error before anything is opened', async () => {
  const { code, stderr } = await cli(newMachine(), ['status', '--region', '', '--rehearse']);
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    ✖ --region: expected a value, got an empty one
      next: set a value for --region, or omit it
      code: invalid-value
    "
  `);
});

it('with KARMADA_EKS_REHEARSE commands carry the flag too, for another shell does not have the variable', async () => {
  const vars = { KARMADA_EKS_REHEARSE: 'yes' };
  expect(said(await cli(newMachine(), 'status --region us-west-2', { vars }))).toContain('karmada-eks up --rehearse');
});

it('JSON lines: in every line', async () => {
  const account = newMachine();
  for (const words of [smallUp, 'status', 'status --region eu-west-1', 'clusters']) {
    const { stdout, stderr } = await cli(account, `${words} --json --rehearse`);
    expect(stderr.startsWith(note)).toBe(true);
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ v: 1, rehearsal: true });
    expect(leadingOut({ stdout: lines.join('\n').replaceAll('"', '\n'), stderr })).toEqual([]);
  }
});

it.each(['plan -o json', 'status -o json', 'doctor -o json'])('%s: a field', async (words) => {
  const account = newMachine();
  await cli(account, smallUp);
  const rehearsed = JSON.parse((await cli(account, `${words} --rehearse`)).stdout);
  const { rehearsal, ...rest } = rehearsed;
  expect(rehearsal).toBe(true);
  expect(Object.keys(rehearsed)[0]).toBe('rehearsal');
  expect(Object.keys(JSON.parse((await cli(account, words)).stdout))).toEqual(Object.keys(rest));
});

it('YAML: a field', async () => {
  const { stdout } = await cli(newMachine(), `plan --region ${region} --vpc main -o yaml --rehearse`);
  expect(stdout.split('\n')[0]).toBe('rehearsal: true');
});

it('a screen that is drawn over and over says it each time', () => {
  const surroundings = fakeSurroundings(60);
  const ui = makeUi(surroundings, { json: false, debug: false, now: () => 0, rehearsed: ['up'] });
  for (const text of ['one', 'two']) ui.screen.show(({ print }) => print(`${text}: karmada-eks up`));
  expect(surroundings.stdout.text.split(note.trim())).toHaveLength(3);
  expect(surroundings.stdout.text).toContain('two: karmada-eks up --rehearse');
});

it('every part of what is shown: parts of errors, findings, drawings, tables; what has the flag keeps it once', () => {
  const surroundings = fakeSurroundings();
  const ui = makeUi(surroundings, { json: false, debug: false, now: () => 0, rehearsed: ['up', 'tools install'] });
  const run = 'run karmada-eks up --members 1';
  const part = { name: 'api', ready: false, facts: [], why: [run] };
  ui.showProblem(
    new Problem('internal', {
      what: run,
      why: run,
      next: [run],
      parts: [new Problem('internal', { what: run, next: [run] })],
    }),
  );
  ui.showFindings([
    { group: 'a', severity: 'error', what: run, why: run, next: ['karmada-eks tools install --only kubectl'] },
  ]);
  ui.showTopology({ title: 'x', api: part, controlPlane: part, members: [], notes: [run], warnings: [run] });
  ui.showTable({ name: 'x', columns: ['a'], rows: [[run]] });
  ui.note('karmada-eks up --region x --rehearse --yes, karmada-eks upgrade, my-karmada-eks-up');
  ui.note('find out why: kubectl --kubeconfig /home/you/x get pods');
  const { stdout, stderr } = surroundings;
  expect(`${stderr.text}${stdout.text}`).toMatchInlineSnapshot(`
    "✖ run karmada-eks up --rehearse --members 1
      why:  run karmada-eks up --rehearse --members 1
      1. run karmada-eks up --rehearse --members 1 (internal)
         next: run karmada-eks up --rehearse --members 1
      next: run karmada-eks up --rehearse --members 1
      code: internal
    karmada-eks up --region x --rehearse --yes, karmada-eks upgrade, my-karmada-eks-up
    find out why: kubectl --kubeconfig /home/you/x get pods   (not in a rehearsal: it would address real clusters)
    a  ✖ 1 error
      ✖ run karmada-eks up --rehearse --members 1
        why: run karmada-eks up --rehearse --members 1
        fix: karmada-eks tools install --rehearse --only kubectl
    x

    ✖ api
    │   run karmada-eks up --rehearse --members 1
    ▼
    ✖ api
        run karmada-eks up --rehearse --members 1
      no members

    run karmada-eks up --rehearse --members 1
    ! run karmada-eks up --rehearse --members 1
    A
    run karmada-eks up --rehearse --members 1
    "
  `);
});

it('--debug shows where the error came from, not where it was told', () => {
  const surroundings = fakeSurroundings();
  const ui = makeUi(surroundings, { json: false, debug: true, now: () => 0, rehearsed: ['up'] });
  ui.showProblem(new Problem('internal', { what: 'x' }));
  expect(surroundings.stderr.text).toMatch(/at .*rehearsed-screens\.test\.ts/);
  expect(surroundings.stderr.text).not.toMatch(/at .*src\/ui\/shown\/re(?:hearsed|worded)\.ts/);
});

it('a completion prints nothing', async () => {
  const { stderr } = await cli(newMachine(), ['complete', '--', 'status', '--rehearse', '--fleet', '']);
  expect(stderr).toBe('');
});
