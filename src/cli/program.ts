/** The command line: commands, flags and help. Nothing heavy is loaded until a command runs. */
import { Command, CommanderError, Option } from 'commander';
import type { WithSession } from '../commands/session.js';
import { ExitCode } from '../errors/exit-codes.js';
import type { Problem } from '../errors/problem.js';
import { readWords, type Typed } from '../options/arguments.js';
import { type FleetOption, fleetOptions, identityOptions } from '../options/fleet-options.js';
import { commonOptions, type Parsed, type RunOption, withEnvironment } from '../options/run-options.js';
import { type CommandEntry, commandTable, fleetOptionsOf } from './command-table.js';
import { addCompletion } from './completion-command.js';
import { usageProblem } from './usage-error.js';

/** What the command line is given from outside. */
export interface CommandLine {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program itself. */
  readonly argv: readonly string[];
  /** How wide help is. */
  readonly width: number;
  /** Where help and complaints about usage go. */
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly withSession: WithSession;
  /** Shows why nothing is opened; answers the exit code. */
  readonly refuse: (parsed: Parsed, problem: Problem) => Promise<number>;
}

/** Carries out what was typed; answers the exit code. */
export async function runProgram(line: CommandLine): Promise<number> {
  let code: number = ExitCode.ok;
  const program = makeProgram(line, (carriedOut) => {
    code = carriedOut;
  });
  try {
    await program.parseAsync(line.argv, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return ExitCode.ok;
    // The whole help was the answer: no command was given, or a group without one.
    if (thrown.code === 'commander.help') return ExitCode.usage;
    return await line.refuse(outputWanted(line), usageProblem(thrown, meantCommand(line.argv)));
  }
  return code;
}

/** How to report a command line that could not be parsed. */
function outputWanted({ argv, env }: CommandLine): Parsed {
  const typed = commonOptions.filter(({ flags }) => argv.includes(flags)).map(({ key }) => [key, true]);
  return withEnvironment(Object.fromEntries(typed), commonOptions, env);
}

/** The command, or group of commands, that a line begins with; empty where it begins with neither. */
function meantCommand([first = '', second = '']: readonly string[]): string {
  const names = commandTable.map(({ name }) => name);
  const known = [...names, ...Object.keys(groups), 'completion'];
  return [`${first} ${second}`, first].find((each) => known.includes(each)) ?? '';
}

function makeProgram(line: CommandLine, done: (code: number) => void): Command {
  const { writeOut, writeErr } = line;
  const width = (): number => line.width;
  const program = new Command('karmada-eks')
    .description(
      'One command turns an AWS account with a VPC into a Karmada fleet on Amazon EKS; one removes it again.',
    )
    .version(line.version)
    .exitOverride()
    .configureOutput({
      writeOut,
      writeErr,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nEvery flag has an environment variable, shown in brackets in the help of a command,\nexcept flags that agree to a loss.',
    )
    .addHelpText('after', 'Try it without an account: karmada-eks up --rehearse');
  for (const verb of commandTable) addVerb(program, verb, line, done);
  addCompletion(program, writeOut);
  return program;
}

function addVerb(program: Command, verb: CommandEntry, line: CommandLine, done: (code: number) => void): void {
  const command = commandOf(program, verb.name).description(verb.summary);
  const run = [...verb.run, ...commonOptions];
  for (const each of fleetOptionsOf(verb)) {
    command.addOption(optionOf(each, each.kind !== 'yes', true));
  }
  for (const each of run) command.addOption(optionOf(each, each.takesValue, each.readsEnv));
  if (verb.argument) command.argument(verb.argument.flags, verb.argument.help);
  command
    .addHelpText('after', `\nExamples:\n${verb.examples.map((each) => `  karmada-eks ${each}`).join('\n')}`)
    .action(async () => {
      const typed: Typed = { ...command.opts<Typed>(), ...(verb.argument && { names: command.args }) };
      // The variables that describe a fleet are read by every verb that is about one.
      const fleet = verb.fleet === undefined ? [] : [...identityOptions, ...fleetOptions];
      const { parsed: words, wrong } = readWords(typed, { fleet, run }, line.env);
      const parsed = withEnvironment(words, run, line.env);
      if (wrong !== undefined) return done(await line.refuse(parsed, wrong));
      const { readsOnly = false } = verb;
      done(await line.withSession(parsed, async (session) => (await verb.load())(session, parsed), { readsOnly }));
    });
}

const groups: Readonly<Record<string, string>> = { tools: 'the programs that karmada-eks needs' };

/** A name of two words is a command of a group, which is created with its first command. */
function commandOf(program: Command, name: string): Command {
  const [group = '', inGroup] = name.split(' ');
  if (inGroup === undefined) return program.command(group);
  const made = program.commands.find((command) => command.name() === group);
  return (made ?? program.command(group).description(groups[group] ?? '')).command(inGroup);
}

/** Every value is kept, of an option that takes one only too: two that differ are refused. */
function optionOf({ flags, help, env }: FleetOption | RunOption, takesValue: boolean, readsEnv: boolean): Option {
  const made = new Option(flags, readsEnv ? `${help} [${env}]` : help);
  if (!takesValue) return made;
  return made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}
