/** Help without commander, which takes most of the start-up time: the build keeps each text as commander formats it. */
import { createRequire } from 'node:module';

/** How wide help is at most; a narrower terminal has lines of its own width. */
export const helpWidth = 80;

/** The texts by what is asked about: a command as it is typed, or the empty text for the whole program. */
export type HelpTexts = Readonly<Record<string, string>>;

/** The help that `argv` asks for, `helpWidth` wide; undefined if commander must handle it. */
export function keptHelp(argv: readonly string[]): string | undefined {
  const about = askedAbout(argv);
  return about === undefined ? undefined : new Map(Object.entries(readTexts())).get(about);
}

function askedAbout(argv: readonly string[]): string | undefined {
  const [first, second = ''] = argv;
  if (first === 'help' && argv.length <= 2) return second;
  return ['--help', '-h'].includes(argv.at(-1) ?? '') ? argv.slice(0, -1).join(' ') : undefined;
}

/** Beside the program as it is built; the program as it is written has none. */
function readTexts(): HelpTexts {
  try {
    return createRequire(import.meta.url)('../help.json') as HelpTexts;
  } catch {
    return {};
  }
}
