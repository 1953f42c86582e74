/** The command line: commands, flags and help. Nothing heavy is loaded until a command runs. */
import { Command, CommanderError, Option } from 'commander';
import type { SessionOptions, WithSession } from '../commands/shared/session.js';
import { ExitCode } from '../errors/exit-codes.js';
import type { Problem } from '../errors/problem.js';
import type { OptionGroup } from '../options/option.js';
import { readOptions } from '../options/read-options.js';
import { commonNames, flagOf, type OptionName, type Options, optionOf } from '../options/table.js';
import { type CommandEntry, commandTable, flagsOf, optionsOf } from './command-table.js';
import { addCompletion } from './completion-command.js';
import { layout, paragraph, wholeOnOneScreen } from './help-layout.js';
import { usageProblem } from './usage-error.js';

export interface CommandLine {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the program itself. */
  readonly argv: readonly string[];
  readonly width: number;
  /** Where help and complaints about usage go. */
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly withSession: WithSession;
  /** Shows why nothing is opened; answers the exit code. */
  readonly refuse: (options: SessionOptions, problem: Problem) => Promise<number>;
}

/** Carries out what was typed; answers the exit code. */
export async function runProgram(line: CommandLine): Promise<number> {
  let code: number = ExitCode.ok;
  const program = makeProgram(line, (carriedOut) => {
    code = carriedOut;
  });
  try {
    await program.parseAsync(parsable(line.argv), { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return ExitCode.ok;
    // The whole help was the answer: no command was given, or a group without one.
    if (thrown.code === 'commander.help') return ExitCode.usage;
    return await line.refuse(outputWanted(line), usageProblem(thrown, meantCommand(line.argv)));
  }
  return code;
}

/** commander answers `help` of an unknown command with the help of the whole program (14.0, lib/command.js `_dispatchHelpCommand`). */
function parsable([first, ...rest]: readonly string[]): readonly string[] {
  const isUnknown = first === 'help' && rest.length > 0 && meantCommand(rest) === '';
  return first === undefined ? [] : isUnknown ? rest : [first, ...rest];
}

/** How to tell what is wrong with a line that could not be taken apart. */
function outputWanted({ argv, env }: CommandLine): Options {
  const typed = commonNames.filter((name) => argv.includes(flagOf(name))).map((name) => [name, ['yes']]);
  return readOptions({ flags: Object.fromEntries(typed), names: [] }, commonNames, env).options;
}

/** The command, or group of commands, that a line begins with; empty where it begins with neither. */
function meantCommand([first = '', second = '']: readonly string[]): string {
  const names = commandTable.map(({ name }) => name);
  const known = [...names, ...Object.keys(groups), 'completion'];
  return [`${first} ${second}`, first].find((each) => known.includes(each)) ?? '';
}

/** Headings of help, in the order in which it shows them. */
const headings: Readonly<Record<OptionGroup, string>> = {
  fleet: 'Fleet:',
  members: 'Members:',
  clusters: 'Clusters:',
  karmada: 'Karmada:',
  access: 'Access:',
  run: 'Run:',
  loss: 'Consent, by flag only:',
  common: 'Every command:',
};

const footer = `
Also: recover, tools install, completion, support-bundle
Flags and examples: karmada-eks COMMAND --help; version: -v
Try it without an AWS account: karmada-eks up --rehearse`;

function makeProgram(line: CommandLine, done: (code: number) => void): Command {
  const { writeOut, writeErr } = line;
  const width = (): number => line.width;
  const program = new Command('karmada-eks')
    .usage('<command> [flags]')
    .description('One command creates a Karmada fleet on Amazon EKS, one deletes it.')
    .version(line.version)
    .exitOverride()
    .configureOutput({
      writeOut,
      writeErr,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      outputError: () => undefined,
    })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp(layout)
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup(headings.common));
  for (const entry of commandTable) {
    program.commandsGroup(entry.about === 'fleet' ? 'Fleet:' : 'Tools:');
    addCommand(program, entry, line, done);
  }
  addCompletion(program, writeOut);
  return program.addHelpText('after', paragraph(footer, line.width)).configureHelp(wholeOnOneScreen);
}

const variables = `
Each flag is a variable too, --fleet for example KARMADA_EKS_FLEET, except those of consent.`;

function addCommand(program: Command, entry: CommandEntry, line: CommandLine, done: (code: number) => void): void {
  // `backup list --region=R` means the region of `list`, though `backup` has such a flag too.
  const command = commandOf(program, entry.name).description(entry.summary).enablePositionalOptions();
  const flags = flagsOf(entry);
  const grouped = Object.keys(headings).flatMap((group) => flags.filter((each) => optionOf(each).group === group));
  for (const each of grouped) command.addOption(asCommanderOption(each));
  if (entry.argument) command.argument(entry.argument.flags, entry.argument.help);
  command.usage(['[flags]', entry.argument?.flags].filter(Boolean).join(' '));
  command
    .addHelpText('after', paragraph(variables, line.width))
    .addHelpText('after', `\nExamples:\n${entry.examples.map((each) => `  ${each}`).join('\n')}`)
    .action(async () => {
      const words: Readonly<Record<string, readonly string[] | boolean>> = command.opts();
      const typed = flags.flatMap((name) => {
        const given = words[attributeOf(name)];
        // Commander knows `--no-backup` as `backup`, which is true without it.
        if (typeof given === 'boolean') return given === isNegative(name) ? [] : [[name, ['yes']]];
        return given === undefined ? [] : [[name, given]];
      });
      const { options, wrong } = readOptions(
        { flags: Object.fromEntries(typed), names: command.args },
        optionsOf(entry),
        line.env,
      );
      if (wrong !== undefined) return done(await line.refuse(options, wrong));
      const { readsOnly = false } = entry;
      done(await line.withSession(options, async (session) => (await entry.load())(session, options), { readsOnly }));
    });
}

const groups: Readonly<Record<string, string>> = {
  access: 'grant people access to Karmada, list it, revoke it',
  certs: 'check and renew the certificates of Karmada',
  members: 'rotate the credentials of members',
  tools: 'install the tools that karmada-eks runs',
};

/** A name of two words is a command of a group, which is created with its first command. */
function commandOf(program: Command, name: string): Command {
  const [group = '', inGroup] = name.split(' ');
  if (inGroup === undefined) return program.command(group);
  const made = program.commands.find((command) => command.name() === group);
  return (
    made ??
    program
      .command(group)
      .description(groups[group] ?? '')
      .usage('<command>')
  ).command(inGroup);
}

/** Every value is kept, of an option that takes one only too: two that differ are refused. */
function asCommanderOption(name: OptionName): Option {
  const { flags, help, group, onlyTyped } = optionOf(name);
  const made = new Option(flags, onlyTyped ? `${help} (no variable)` : help).helpGroup(headings[group]);
  if (!/[<[]/.test(flags)) return made;
  return made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/** The name that commander gives the value of an option. */
function attributeOf(name: OptionName): string {
  return flagOf(name)
    .replace(/^--(no-)?/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isNegative(name: OptionName): boolean {
  return flagOf(name).startsWith('--no-');
}
