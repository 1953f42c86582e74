/** The command line: verbs, flags and help. Nothing heavy is loaded until a verb is carried out. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ExitCode } from '../errors/exit-codes.js';
import { type FleetOption, fleetOptions, identityOptions, type Parsed } from './options.js';
import type { Settings, Verb, WithSession } from './session.js';

/** One verb as the command line shows it. */
interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly FleetOption[];
  readonly extra: readonly (readonly [flags: string, help: string])[];
  readonly examples: readonly string[];
  readonly load: () => Promise<Verb>;
}

const yes = ['--yes', 'do not ask'] as const;
const output = ['-o, --output <format>', 'text or json (text)'] as const;

const verbs: readonly VerbEntry[] = [
  {
    name: 'up',
    summary: 'make the fleet, or go on making it',
    options: fleetOptions,
    extra: [
      yes,
      ['--config <file>', 'read the fleet from a file'],
      ['--use-context', 'switch kubectl to the Karmada API'],
    ],
    examples: [
      'up --region eu-west-1 --vpc my-vpc',
      'up --member name=eu,mode=push --member name=us,region=us-east-1,mode=pull',
    ],
    load: async () => (await import('./verbs/up.js')).up,
  },
  {
    name: 'plan',
    summary: 'show what up would do; changes nothing',
    options: fleetOptions,
    extra: [['--config <file>', 'read the fleet from a file'], ['--commands', 'show the exact commands too'], output],
    examples: ['plan --region eu-west-1 --vpc my-vpc', 'plan --commands'],
    load: async () => (await import('./verbs/plan.js')).plan,
  },
  {
    name: 'status',
    summary: 'show the fleet as it is',
    options: [],
    extra: [output],
    examples: ['status', 'status -o json'],
    load: async () => (await import('./verbs/status.js')).status,
  },
  {
    name: 'demo',
    summary: 'divide nginx over the members, show the division, and remove it',
    options: [],
    extra: [
      ['--weights <list>', 'weight of each member, e.g. 1,1,2'],
      ['--keep', 'leave the workload running'],
    ],
    examples: ['demo', 'demo --weights 1,3 --keep'],
    load: async () => (await import('./verbs/demo.js')).demo,
  },
  {
    name: 'down',
    summary: 'take the fleet away',
    options: [],
    extra: [
      ['--yes', 'do not ask; needs --confirm'],
      ['--confirm <fleet>', 'the fleet’s name, instead of typing it'],
    ],
    examples: ['down', 'down --fleet demo --yes --confirm demo'],
    load: async () => (await import('./verbs/down.js')).down,
  },
];

/** A fresh program; `done` receives the exit code of the verb that was carried out. */
function makeProgram(version: string, withSession: WithSession, done: (code: number) => void): Command {
  const program = new Command('karmada-eks')
    .description(
      'One command turns an AWS account with a VPC into a Karmada fleet on Amazon EKS; one takes it away again.',
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(karmada-eks --help shows what can be said)')
    .addHelpText(
      'after',
      '\nEvery flag has an environment variable: --kubernetes-version is KARMADA_EKS_KUBERNETES_VERSION.',
    )
    .addHelpText('after', 'Try it without an account: karmada-eks up --rehearse');
  for (const verb of verbs) addVerb(program, verb, withSession, done);
  return program;
}

/** Carries out what was typed (`argv` without the program itself; the process's own when not given); answers the exit code. */
export async function runProgram(version: string, withSession: WithSession, argv?: readonly string[]): Promise<number> {
  let code: number = ExitCode.ok;
  const program = makeProgram(version, withSession, (carriedOut) => {
    code = carriedOut;
  });
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    if (argv === undefined) await program.parseAsync();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  return code;
}

function addVerb(program: Command, verb: VerbEntry, withSession: WithSession, done: (code: number) => void): void {
  const command = program.command(verb.name).description(verb.summary);
  for (const each of [...identityOptions, ...verb.options]) command.addOption(fleetOption(each));
  for (const [flags, help] of verb.extra) command.option(flags, help);
  command
    .option('--json', 'one JSON object a line instead of text')
    .option('--debug', 'show where an error came from')
    .option('--rehearse', 'in a simulated account: no AWS, no tools, no network')
    .option('--speed <factor>', 'how much faster than life the rehearsal runs (60)', speed)
    .addHelpText('after', `\nExamples:\n${verb.examples.map((each) => `  karmada-eks ${each}`).join('\n')}`)
    .action(async (options: Parsed & { speed?: number }) => {
      const settings: Settings = {
        json: options['json'] === true,
        debug: options['debug'] === true,
        rehearse: options['rehearse'] === true,
        speed: options.speed ?? 60,
      };
      done(await withSession(settings, async (session) => (await verb.load())(session, options)));
    });
}

function fleetOption({ flags, env, kind, help }: FleetOption): Option {
  const option = new Option(flags, `${help} [${env}]`);
  if (kind !== 'list' && kind !== 'members') return option;
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

function speed(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor >= 1 && factor <= 100_000) return factor;
  throw new InvalidArgumentError('a number from 1 to 100000 is expected');
}
