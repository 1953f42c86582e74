/** The output of a rehearsal: karmada-eks commands become rehearsed ones, other commands are marked. */
import type { Ui } from '../ui.js';
import { isPlain, rewordedUi } from './reworded.js';

/** The first line of every screen of a rehearsal. */
export const rehearsalNote = 'rehearsal: simulated account; nothing in AWS is read or changed';

/**
 * A ui that adds `--rehearse` to every `karmada-eks <command>` it shows: copied without it, a command meant for the
 * simulated account would act on the real one. kubectl and aws commands would address real clusters, so they are
 * marked. `shown` puts in place what else differs.
 */
export function rehearsedUi(ui: Ui, commands: readonly string[], shown = (text: string): string => text): Ui {
  const tell = teller(commands);
  return rewordedUi(ui, {
    told: (text) => shown(tell(text)),
    keeps: (command) => command.startsWith('karmada-eks '),
    marked: (value) => (isPlain(value) ? { rehearsal: true, ...value } : value),
    heading: rehearsalNote,
  });
}

function teller(commands: readonly string[]): (text: string) => string {
  const ours = new RegExp(`\\bkarmada-eks (${commands.join('|')})\\b(?![^\\n]*--(?:rehearse|help)\\b)`, 'g');
  // Alone on an indented line, or after a few words on its purpose.
  const others = /(^ +|: )((?:kubectl|aws|eksctl) [^\n]+)$/gm;
  return (text) =>
    text
      .replace(ours, 'karmada-eks $1 --rehearse')
      .replace(others, '$1$2   (not in a rehearsal: it would address real clusters)');
}
