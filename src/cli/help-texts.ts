/** All help texts of the program, for the build to store. */

import { commandTable } from './command-table.js';
import { type HelpTexts, helpWidth } from './kept-help.js';
import { runProgram } from './program.js';

/** commander's help for the program, for each command, and for each group of commands. */
export async function helpTexts(): Promise<HelpTexts> {
  const names = commandTable.flatMap(({ name }) => [name, name.split(' ').slice(0, -1).join(' ')]);
  const abouts = [...new Set(['', 'completion', ...names])];
  return Object.fromEntries(await Promise.all(abouts.map(async (about) => [about, await helpOn(about)] as const)));
}

async function helpOn(about: string): Promise<string> {
  let text = '';
  await runProgram({
    version: '',
    env: {},
    argv: [...about.split(' ').filter(Boolean), '--help'],
    width: helpWidth,
    writeOut: (more) => {
      text += more;
    },
    writeErr: () => undefined,
    withSession: async () => 0,
    refuse: async () => 0,
  });
  return text;
}
