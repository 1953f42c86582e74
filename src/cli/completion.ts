/** Shell completion: the script, and the answers to it. Loaded only when needed. */
import { type ArgumentHandler, type Command, type OptionHandler, RootCommand } from '@bomb.sh/tab';
import type { WithSession } from '../commands/shared/session.js';
import { listRegions } from '../fleet/regions.js';
import { readOptions } from '../options/read-options.js';
import { flagOf, fleetNames, type OptionName, type Options, optionOf } from '../options/table.js';
import { yesOrNo } from '../options/yes-or-no.js';
import { commandTable, flagsOf } from './command-table.js';
import type { Searched, Suggestion } from './completion-values.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The code that looks up these values is loaded only if needed. */
const searchedFlags: readonly Searched[] = ['fleet', 'confirm', 'member', 'vpc'];

type Env = Readonly<Record<string, string | undefined>>;

const rehearseVariable = 'KARMADA_EKS_REHEARSE';

/** The script that a shell reads: it calls `karmada-eks complete -- <words>` at every Tab. */
export function completionScript(shell: Shell): string {
  return printed(() => new RootCommand().setup('karmada-eks', 'karmada-eks', shell));
}

/** The answer to a script: one candidate a line with what it means, then a line for the script itself. */
export async function completionsFor(words: readonly string[], env: Env, withSession: WithSession): Promise<string> {
  const flag = flagInQuestion(words);
  let found: readonly Suggestion[] = [];
  const searched = searchedFlags.find((each) => each === flag) ?? (flag === undefined ? argumentIn(words) : undefined);
  const rehearse = words.includes('--rehearse') || yesOrNo(env[rehearseVariable] ?? 'no');
  // An ambiguous word does not tell whether to read AWS or the rehearsal.
  if (searched !== undefined && rehearse !== undefined) {
    const { searchFor } = await import('./completion-values.js');
    const typed = typedOptions(words, rehearse, env);
    await withSession(
      typed,
      async (session) => {
        found = await searchFor(searched, session, typed);
        return 0;
      },
      { readsOnly: true },
    );
  }
  const root = makeRoot((name) => (name === searched ? found : []));
  return printed(() => root.parse([...words]));
}

function makeRoot(foundFor: (what: string) => readonly Suggestion[]): RootCommand {
  const root = new RootCommand();
  // The library (0.0.22) finds a command of two words only where the first is one, too.
  for (const group of new Set(commandTable.flatMap(({ name }) => (name.includes(' ') ? name.split(' ')[0] : []))))
    if (group !== undefined && !commandTable.some(({ name }) => name === group)) root.command(group, '');
  for (const entry of commandTable) {
    const command = root.command(entry.name, entry.summary);
    for (const each of flagsOf(entry)) addOption(command, each, foundFor);
    const { completed } = entry.argument ?? {};
    if (completed === undefined) continue;
    const offerAll: ArgumentHandler = (offer) => {
      for (const { value, about } of foundFor(completed)) offer(value, about);
    };
    command.argument('names', offerAll, true);
  }
  root.command('completion', 'print a shell completion script').argument('shell', (offer) => {
    for (const shell of ['bash', 'zsh', 'fish']) offer(shell, '');
  });
  return root;
}

function addOption(command: Command, name: OptionName, foundFor: (flag: string) => readonly Suggestion[]): void {
  const { flags, help, values = [] } = optionOf(name);
  const long = flagOf(name).slice(2);
  if (!flags.includes('<')) {
    command.option(long, help);
    return;
  }
  const regions = name === 'region' ? listRegions.map(({ region, place }) => ({ value: region, about: place })) : [];
  const known = [...regions, ...values.map((value) => ({ value, about: '' }))];
  const handler: OptionHandler = (offer) => {
    for (const { value, about } of [...known, ...foundFor(long)]) offer(value, about);
  };
  command.option(long, help, handler, /^-(\w), /.exec(flags)?.[1]);
}

/** The flag whose value is being typed, without its dashes: `--vpc ma` and `--vpc=ma`. */
function flagInQuestion(words: readonly string[]): string | undefined {
  const current = words.at(-1) ?? '';
  const typed = current.startsWith('-') ? /^--([\w-]+)=/.exec(current) : /^--([\w-]+)$/.exec(words.at(-2) ?? '');
  return typed?.[1];
}

/** What is looked up for the word that is being typed, where it is no flag. */
function argumentIn(words: readonly string[]): Searched | undefined {
  if (words.at(-1)?.startsWith('-') === true) return undefined;
  return commandTable.find(({ name }) => words.slice(0, -1).join(' ').concat(' ').startsWith(`${name} `))?.argument
    ?.completed;
}

/** What bears on a search, of what stands on the line and in the environment; what is wrong there is not told now. */
function typedOptions(words: readonly string[], rehearse: boolean, env: Env): Options {
  const typed = (['fleet', 'region', 'profile'] as const).flatMap((name) => {
    const flag = flagOf(name);
    const inOne = words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
    const word = inOne ?? words[words.indexOf(flag) + 1];
    return words.includes(flag) || inOne !== undefined ? [[name, [word ?? '']] as const] : [];
  });
  const flags = { ...Object.fromEntries(typed), ...(rehearse && { rehearse: ['yes'] }) };
  return readOptions({ flags, names: [] }, [...fleetNames, 'profile', 'rehearse'], env).options;
}

/** The library (0.0.22) prints by `console.log` alone, with no way to say where else; what it prints goes where the program writes. */
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
