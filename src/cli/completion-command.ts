/** `completion`, which prints the script for a shell. It does not concern a fleet, so it has no fleet flags. */
import { Argument, type Command } from 'commander';
import type { Shell } from './completion.js';

const examples = `
Examples:
  # in ~/.bashrc; needs the package bash-completion
  source <(karmada-eks completion bash)
  # in ~/.zshrc, after compinit
  source <(karmada-eks completion zsh)
  # in ~/.config/fish/config.fish
  karmada-eks completion fish | source`;

export function addCompletion(program: Command, writeOut: (text: string) => void): void {
  program
    .command('completion')
    .description('print a shell completion script')
    .usage('<shell>')
    .addArgument(new Argument('<shell>', 'shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => writeOut((await import('./completion.js')).completionScript(shell)));
}
