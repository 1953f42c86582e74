/** How help is laid out, also on a terminal that is too narrow for two columns. */
import { Help, type HelpConfiguration } from 'commander';

/** Where a description has less room than this at the right of its term, it stands below. */
const minimumWidth = 20;
const indent = '      ';

export const layout: HelpConfiguration = {
  minWidthToWrap: minimumWidth,
  visibleCommands: ({ commands }) => [...commands],
  subcommandTerm: (command) => command.name(),
  formatItem: (term, termWidth, description, helper) => {
    // commander's own layout: two blanks before the term, and two after it.
    const width = helper.helpWidth ?? 80;
    if (width - termWidth - 4 >= minimumWidth)
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
    const below = helper.boxWrap(description, width - indent.length).split('\n');
    return [`  ${term}`, ...below.map((text) => indent + text)].join('\n');
  },
};

/** What few need, and who needs it finds: a line of their own each would make the first screen longer than a terminal. */
const inFooter: readonly string[] = ['recover', 'support-bundle', 'tools', 'completion'];

/** The footer of the whole program names its flags and the commands above, and every other command is one line. */
export const wholeOnOneScreen: HelpConfiguration = {
  ...layout,
  visibleOptions: () => [],
  visibleCommands: ({ commands }) => commands.filter((command) => !inFooter.includes(command.name())),
};

/** A paragraph of help, as wide as the help at most. */
export function paragraph(text: string, width: number): string {
  return Object.assign(new Help(), layout).boxWrap(text, width);
}
