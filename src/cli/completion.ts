/** Shell completion: the script, and the answers to it. Loaded only when needed. */
import { type ArgumentHandler, type Command, type OptionHandler, RootCommand } from '@bomb.sh/tab';
import type { WithSession } from '../commands/session.js';
import { listRegions } from '../fleet/regions.js';
import { commonOptions, type Parsed } from '../options/run-options.js';
import { yesOrNo } from '../options/yes-or-no.js';
import { commandTable, fleetOptionsOf } from './command-table.js';
import type { SearchedFlag, Suggestion } from './completion-values.js';

/** The shells that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** The code that looks up these values is loaded only if needed. */
const searchedFlags: readonly SearchedFlag[] = ['fleet', 'confirm', 'member', 'names', 'vpc'];

const rehearseVariable = 'KARMADA_EKS_REHEARSE';

/** The script that a shell reads: it calls `karmada-eks complete -- <words>` at every Tab. */
export function completionScript(shell: Shell): string {
  return printed(() => new RootCommand().setup('karmada-eks', 'karmada-eks', shell));
}

/** The answer to a script: one candidate a line with what it means, then a line for the script itself. */
export async function completionsFor(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  withSession: WithSession,
): Promise<string> {
  const flag = flagInQuestion(words) ?? (takesNames(words) ? 'names' : undefined);
  let found: readonly Suggestion[] = [];
  const searched = searchedFlags.find((each) => each === flag);
  const rehearse = words.includes('--rehearse') || yesOrNo(env[rehearseVariable] ?? 'no');
  // An ambiguous word does not tell whether to read AWS or the rehearsal.
  if (searched !== undefined && rehearse !== undefined) {
    const { searchFor } = await import('./completion-values.js');
    const typed = typedFlags(words, rehearse);
    await withSession(
      typed,
      async (session) => {
        found = await searchFor(searched, session, typed);
        return 0;
      },
      { readsOnly: true },
    );
  }
  const root = makeRoot((name) => (name === flag ? found : []));
  return printed(() => root.parse([...words]));
}

function makeRoot(foundFor: (flag: string) => readonly Suggestion[]): RootCommand {
  const root = new RootCommand();
  for (const verb of commandTable) {
    const command = root.command(verb.name, verb.summary);
    const options = [...fleetOptionsOf(verb), ...verb.run, ...commonOptions];
    for (const { flags, help } of options) addOption(command, { flags, help }, foundFor);
    if (verb.argument === undefined) continue;
    const offerAll: ArgumentHandler = (offer) => {
      for (const { value, about } of foundFor('names')) offer(value, about);
    };
    command.argument('names', offerAll, true);
  }
  root.command('completion', 'print a shell completion script').argument('shell', (offer) => {
    for (const shell of ['bash', 'zsh', 'fish']) offer(shell, '');
  });
  return root;
}

function addOption(
  command: Command,
  { flags, help }: { readonly flags: string; readonly help: string },
  foundFor: (flag: string) => readonly Suggestion[],
): void {
  const [, short, long = ''] = /^(?:-(\w), )?--([\w-]+)/.exec(flags) ?? [];
  if (!flags.includes('<')) {
    command.option(long, help);
    return;
  }
  const handler: OptionHandler = (offer) => {
    for (const { value, about } of [...knownValues(long, help), ...foundFor(long)]) offer(value, about);
  };
  command.option(long, help, handler, short);
}

/** Values that need no lookup; the output formats are listed in the help. */
function knownValues(flag: string, help: string): readonly Suggestion[] {
  if (flag === 'region') return listRegions.map(({ region, place }) => ({ value: region, about: place }));
  if (flag !== 'output') return [];
  const formats = new Set(help.match(/\b(?:text|wide|json|yaml)\b/g));
  return [...formats].map((value) => ({ value, about: '' }));
}

/** The flag whose value is being typed, without its dashes: `--vpc ma` and `--vpc=ma`. */
function flagInQuestion(words: readonly string[]): string | undefined {
  const current = words.at(-1) ?? '';
  const typed = current.startsWith('-') ? /^--([\w-]+)=/.exec(current) : /^--([\w-]+)$/.exec(words.at(-2) ?? '');
  return typed?.[1];
}

/** Whether what is being typed is no flag, of a command that is told names without one. */
function takesNames(words: readonly string[]): boolean {
  const isFlag = words.at(-1)?.startsWith('-') === true;
  return (
    !isFlag &&
    words.length > 1 &&
    commandTable.some(({ name, argument }) => name === words[0] && argument !== undefined)
  );
}

/** The parts of the command line that affect a lookup. */
function typedFlags(words: readonly string[], rehearse: boolean): Parsed {
  const textOf = (flag: string): string | undefined => {
    const inOne = words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
    const at = words.indexOf(flag);
    return inOne ?? (at === -1 ? undefined : words[at + 1]);
  };
  const fleet = textOf('--fleet');
  const region = textOf('--region');
  return { rehearse, ...(fleet && { fleet }), ...(region && { region }) };
}

/** The library only prints to the console; its output is redirected to the program's. */
function printed(print: () => void): string {
  const lines: string[] = [];
  const { log } = globalThis.console;
  const take = (line: string): void => void lines.push(line);
  Object.assign(globalThis.console, { log: take });
  try {
    print();
  } finally {
    Object.assign(globalThis.console, { log });
  }
  return `${lines.join('\n')}\n`;
}
