/** Guided runs in a real pseudo-terminal, keys and all: the built program, in a rehearsal. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { restore } from '../../../src/rehearsal/account.js';
import { inThisRun, triesMore } from '../../lifecycle/cases.js';
import { builtProgram } from '../../world/built-program.js';
import { tempFolder } from '../../world/temp-folder.js';
import { hasTerminals, keys, startTerminal, type Terminal } from './terminal.js';

const run = promisify(execFile);
/** The sequences that move the cursor: colours end in `m`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is looked for
const jumps = /\u001B\[[\d;]*[A-HJKf]/g;
let program = '';

/** Every question of a first-time run, with what is typed to go on. */
const questions = [
  ['Region of the parent', keys.enter],
  ['VPC of the parent', keys.enter],
  ['Name of the fleet', keys.enter],
  ['Nodes per cluster', keys.enter],
  ['Instance type of the nodes', keys.enter],
  ['Members', keys.enter],
  ['Number of members', keys.enter],
  ['Join mode', keys.enter],
  ['Who may reach the Karmada API', keys.enter],
  ['Advanced settings', keys.enter],
  ['Are these answers right', keys.enter],
  ['Proceed', keys.enter],
] as const;

interface Place {
  readonly home: string;
  readonly cwd: string;
}

async function newPlace(): Promise<Place> {
  const [home, cwd] = await Promise.all([tempFolder(), tempFolder()]);
  return { home: join(home, 'data'), cwd };
}

function guided({ home, cwd }: Place, columns?: number): Terminal {
  const command = `'${process.execPath}' '${program}' up --rehearse --speed 600`;
  return startTerminal(command, {
    cwd,
    env: { KARMADA_EKS_HOME: home },
    ...(columns === undefined ? {} : { columns }),
  });
}

async function answer(terminal: Terminal, count: number): Promise<void> {
  for (const [question, key] of questions.slice(0, count)) {
    await terminal.until(`? ${question}`);
    terminal.type(key);
  }
}

/** What the program prints, given these words. */
async function printed({ home, cwd }: Place, words: readonly string[]): Promise<string> {
  const env = { ...process.env, KARMADA_EKS_HOME: home };
  return (await run(process.execPath, [program, ...words], { cwd, env })).stdout;
}

async function planOf(place: Place, words: readonly string[]): Promise<unknown> {
  const text = await printed(place, ['plan', '-o', 'json', '--rehearse', ...words]);
  // Each fleet that is not there yet would get an id of its own.
  return JSON.parse(text.replaceAll(/[0-9a-f]{12}(?=\.111122223333)/g, 'id'));
}

function commandIn(terminal: Terminal): readonly string[] {
  const [command] =
    /karmada-eks up --[\s\S]*?--yes/.exec(terminal.shown()) ?? expect.unreachable('no command was printed');
  return command.split(/[\s\\]+/);
}

/** The files of the simulated machine, and those of the real working directory. */
async function leftBehind({ home, cwd }: Place): Promise<readonly string[]> {
  const { files } = restore(await readFile(join(home, 'rehearsal/account.json'), 'utf8'), 1).state;
  return [
    ...Object.keys(files),
    ...(await readdir(cwd)),
    ...(await readdir(home)).filter((name) => name !== 'rehearsal'),
  ];
}

// CI has util-linux; elsewhere (macOS, BSD) `script` takes other arguments.
describe.skipIf(!hasTerminals)('in a terminal (needs `script` of util-linux)', () => {
  beforeAll(async () => {
    program = await builtProgram();
  }, 180_000);

  it.runIf(triesMore)(
    'goes from the first question to a fleet, a command and a file, which all give the same plan',
    async () => {
      const place = await newPlace();
      const terminal = guided(place);
      await terminal.until('AWS account 111122223333');
      await answer(terminal, questions.length);
      await terminal.until('the logs of all commands are in');
      await terminal.until('fleet karmada is up: 2 members');
      await terminal.until('the same run as one command');
      await terminal.until('? Save these answers');
      terminal.type(keys.enter);
      await terminal.until('  karmada-eks up --rehearse --config karmada-eks.yaml');
      expect(await terminal.ended).toBe(0);
      const [, logs = ''] = /the logs of all commands are in\s+(\S+)/.exec(terminal.shown()) ?? [];
      expect((await readdir(logs)).some((name) => name.includes('eksctl-create-cluster'))).toBe(true);

      const env = { ...process.env, KARMADA_EKS_HOME: place.home };
      const forgot: unknown = await run(process.execPath, [program, 'status'], { env }).catch(
        (thrown: unknown) => thrown,
      );
      expect(forgot).toMatchObject({
        stderr: expect.stringContaining('fleet karmada exists in the rehearsal: add --rehearse'),
      });

      const words = commandIn(terminal).slice(2);
      expect(words).toContain('--yes');
      const flags = words.filter((word) => word !== '--yes' && word !== '--rehearse');
      const fresh = await newPlace();
      const byCommand = await planOf(fresh, flags);
      expect(byCommand).toMatchObject({ fleet: { name: 'karmada', nodes: 3, members: [{ mode: 'push' }, {}] } });
      expect(await planOf(fresh, ['--config', join(place.cwd, 'karmada-eks.yaml')])).toEqual(byCommand);
    },
    120_000,
  );

  it.runIf(triesMore)(
    'takes a correction without starting over',
    async () => {
      const place = await newPlace();
      const terminal = guided(place);
      await answer(terminal, questions.length - 2);
      await terminal.until('? Are these answers right');
      terminal.type(keys.down, keys.down, keys.down, keys.down, keys.enter);
      await terminal.until('? Nodes per cluster? (3)');
      terminal.type('4', keys.enter);
      await terminal.until('? Are these answers right');
      await terminal.until('change nodes: 4 per cluster');
      terminal.type(keys.enter);
      await terminal.until('? Proceed');
      terminal.type(keys.down, keys.enter);
      await terminal.until('? Are these answers right');
      terminal.type(keys.up, keys.down, keys.down, keys.down, keys.enter);
      await terminal.until('? Name of the fleet? (karmada)');
      terminal.type('shop', keys.enter);
      await terminal.until('change fleet: shop');
      terminal.type(keys.enter);
      await terminal.until('? Proceed');
      terminal.type(keys.down, keys.down, keys.enter);
      expect(await terminal.ended).toBe(6);
      expect(commandIn(terminal).join(' ')).toMatch(/--fleet shop .*--nodes 4 /);
      expect(terminal.shown()).toContain('nothing was changed\n');
      expect(terminal.shown()).not.toContain('✖');
      expect(await leftBehind(place)).toEqual([]);
    },
    60_000,
  );

  it('begins with what it is and what it asks for, and goes back with Esc', async () => {
    const place = await newPlace();
    const terminal = guided(place, 80);
    await terminal.until(
      'rehearsal: simulated account; nothing in AWS is read or changed\nA Karmada fleet on Amazon EKS',
    );
    await terminal.until('7 topics: region, VPC, fleet, nodes, instance type, members, Karmada API.');
    await terminal.until('? Region of the parent?');
    await terminal.until('us-east-2 (Ohio): no VPC');
    terminal.type(keys.enter);
    await terminal.until('? VPC of the parent?');
    await terminal.until('esc back');
    terminal.type(keys.esc);
    await terminal.until('? Region of the parent?');
    terminal.type(keys.enter);
    await terminal.until('? VPC of the parent?');
    terminal.type(keys.enter);
    await terminal.until('? Name of the fleet? (karmada)');
    terminal.type('sho', keys.esc);
    await terminal.until('? VPC of the parent?');
    terminal.type(keys.enter);
    await terminal.until('? Name of the fleet? (karmada)');
    terminal.type(keys.ctrlC);
    expect(await terminal.ended).toBe(130);
    expect(terminal.shown()).not.toContain('✖');
    expect(await leftBehind(place)).toEqual([]);
  }, 60_000);

  it.runIf(triesMore)(
    'has a page of advanced settings, from which Esc leads back, and tells them in the command',
    async () => {
      const place = await newPlace();
      const terminal = guided(place);
      await answer(
        terminal,
        questions.findIndex(([question]) => question === 'Advanced settings'),
      );
      await terminal.until('? Advanced settings');
      terminal.type('y', keys.enter);
      await terminal.until('? Which advanced setting');
      terminal.type(keys.esc);
      await terminal.until('? Advanced settings');
      terminal.type('y', keys.enter);
      await terminal.until('? Which advanced setting');
      terminal.type(keys.down, keys.enter);
      await terminal.until('? Tags on everything');
      terminal.type('team', keys.enter);
      await terminal.until('expected key=value');
      terminal.type('=shop', keys.enter);
      await terminal.until('tags: team=shop');
      terminal.type(keys.enter);
      await terminal.until('? Are these answers right');
      await terminal.until('change advanced settings: tags team=shop');
      terminal.type(keys.enter);
      await terminal.until('? Proceed');
      terminal.type(keys.down, keys.down, keys.enter);
      await terminal.ended;
      expect(commandIn(terminal).join(' ')).toContain('--tag team=shop');
    },
    120_000,
  );

  it.each(inThisRun(questions.map(([question], index) => ({ question, index }))))(
    'leaves nothing behind when it is stopped at: $question',
    async ({ question, index }) => {
      const place = await newPlace();
      const terminal = guided(place);
      await answer(terminal, index);
      await terminal.until(`? ${question}`);
      terminal.type(keys.ctrlC);
      expect(await terminal.ended).toBe(130);
      expect(terminal.shown()).toContain('cancelled at the prompt');
      expect(await leftBehind(place)).toEqual([]);
    },
    60_000,
  );

  it.runIf(triesMore).each([40, 80, 120])(
    'fits on %d columns: no line is longer, no word is cut',
    async (columns) => {
      const place = await newPlace();
      const terminal = guided(place, columns);
      await answer(terminal, questions.length - 1);
      await terminal.until('? Proceed');
      terminal.type(keys.ctrlC);
      expect(await terminal.ended).toBe(130);
      const [asked = ''] = terminal.raw().split('yes: show the plan');
      // Each jump of the cursor begins a new piece of a line.
      const pieces = stripVTControlCharacters(asked.replace(jumps, '\n').replaceAll('\r', '')).split('\n');
      expect(pieces.filter((piece) => stringWidth(piece) > columns)).toEqual([]);
      if (columns > 40) return;
      expect(pieces).toContain('  individual: each with its own region,');
      expect(pieces).toContain('  VPC and mode, new or existing');
    },
    60_000,
  );

  it.runIf(triesMore)(
    'asks nothing with --yes',
    async () => {
      const place = await newPlace();
      const env = { KARMADA_EKS_HOME: place.home, KARMADA_EKS_YES: 'true' };
      const command = `'${process.execPath}' '${program}' up --rehearse --speed 600 --members 0`;
      const terminal = startTerminal(command, { cwd: place.cwd, env });
      expect(await terminal.ended).toBe(0);
      expect(terminal.shown()).toContain('fleet karmada is up: 0 members');
      expect(terminal.shown()).not.toContain('? ');
    },
    60_000,
  );
});
