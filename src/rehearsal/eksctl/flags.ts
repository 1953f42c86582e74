/** Reads eksctl's command line: words, and flags glued to their values. */
import { Problem } from '../../errors/problem.js';

/** A command line taken apart. */
export interface CommandLine {
  /** Subcommand words, e.g. `create cluster`. */
  readonly words: string;
  /** Flags without their dashes; a flag without a value is `true`. */
  readonly flags: Readonly<Record<string, string>>;
}

/** Takes an argv apart; `-f` is the one flag whose value stands by itself. */
export function parseFlags(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const flags: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '-f') {
      index += 1;
      flags['config-file'] = args[index] ?? '';
    } else if (arg.startsWith('--')) {
      const [name = '', ...value] = arg.slice(2).split('=');
      flags[name] = value.length === 0 ? 'true' : value.join('=');
    } else {
      words.push(arg);
    }
  }
  return { words: words.join(' '), flags };
}

/** Raises Problem `rehearsal-unmodelled` unless a command has all the flags it needs and no other than those allowed. */
export function checkFlags(line: CommandLine, needed: readonly string[], allowed: readonly string[] = []): void {
  const missing = needed.filter((name) => line.flags[name] === undefined);
  const unknown = Object.keys(line.flags).filter((name) => !needed.includes(name) && !allowed.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  throw new Problem('rehearsal-unmodelled', {
    what: `the rehearsal does not know 'eksctl ${line.words}' with these flags`,
    why: [...missing.map((name) => `missing --${name}`), ...unknown.map((name) => `unknown --${name}`)].join(', '),
  });
}
