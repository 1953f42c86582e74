/** The output of a run with `--profile`: the commands that it shows are for that profile, too. */
import type { Ui } from '../ui.js';
import { rewordedUi } from './reworded.js';

/** A profile of the AWS configuration, and the commands of karmada-eks that take one. */
export interface Profiled {
  readonly profile: string;
  readonly commands: readonly string[];
}

/**
 * A ui that adds `--profile` to every `karmada-eks <command>` it shows, and to commands of aws and eksctl: copied without it, they would
 * act with other credentials, in an account that may have things of the same names.
 */
export function profiledUi(ui: Ui, { profile, commands }: Profiled): Ui {
  const given = ` --profile ${shellWord(profile)}`;
  const ours = new RegExp(`\\bkarmada-eks (${commands.join('|')})\\b(?![^\\n]*--(?:profile|help)\\b)`, 'g');
  // Alone on an indented line, or after a few words on its purpose.
  const others = /(^ +|: )((?:aws|eksctl) [\w-]+ [\w-]+\b)(?![^\n]*--profile\b)(?=[^\n]*$)/gm;
  return rewordedUi(ui, {
    told: (text) => text.replace(ours, (command) => command + given).replace(others, (command) => command + given),
  });
}

/** For a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w.@:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
