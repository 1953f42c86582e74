/** `completion` and, hidden, `complete`: the two verbs that shells call. Neither is about a fleet, so neither has its flags. */
import { Argument, type Command } from 'commander';
import type { Shell } from './completion.js';
import type { WithSession } from './session.js';

const examples = `
Examples:
  source <(karmada-eks completion bash)      (in ~/.bashrc; needs the package bash-completion)
  source <(karmada-eks completion zsh)       (in ~/.zshrc, after compinit)
  karmada-eks completion fish | source       (in ~/.config/fish/config.fish)`;

/** What the two verbs need of the command line. */
interface CompletionLine {
  readonly writeOut: (text: string) => void;
  readonly withSession: WithSession;
}

export function addCompletion(program: Command, { writeOut, withSession }: CompletionLine): void {
  program
    .command('completion')
    .description('print what lets a shell complete karmada-eks')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => writeOut((await import('./completion.js')).completionScript(shell)));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) =>
      writeOut(await (await import('./completion.js')).completionsFor(words, withSession)),
    );
}
