/** The simulated kubectl-karmada 1.18.2: one subcommand a file, by the product's argv. */

import { unmodelled } from '../../arguments.js';
import type { ToolProcess, ToolSimulator } from '../../simulation.js';
import { againstApis } from '../against-apis.js';
import { runDeinit } from './deinit.js';
import { runInit } from './init.js';
import { runJoin } from './join.js';
import { runRegister } from './register.js';
import { runToken } from './token.js';
import { runUnjoin } from './unjoin.js';
import { runUnregister } from './unregister.js';

type Subcommand = (process: ToolProcess, args: readonly string[]) => Promise<number>;

const subcommands: Readonly<Record<string, Subcommand>> = {
  version: printVersion,
  init: runInit,
  deinit: runDeinit,
  join: runJoin,
  unjoin: runUnjoin,
  token: runToken,
  register: runRegister,
  unregister: runUnregister,
};

export const karmadaSimulator: ToolSimulator = async (process) => {
  const [name = '', ...args] = process.args;
  const run = subcommands[name];
  if (run === undefined) throw unmodelled('kubectl-karmada', process);
  return await againstApis(process, () => run(process, args));
};

async function printVersion(process: ToolProcess, args: readonly string[]): Promise<number> {
  if (args.length > 0) throw unmodelled('kubectl-karmada', process);
  await process.takes(50);
  process.out(
    'kubectl karmada version: version.Info{GitVersion:"v1.18.2", GitCommit:"", GitShortCommit:"", GitTreeState:"clean", ' +
      'BuildDate:"", GoVersion:"", Compiler:"gc", Platform:"linux/amd64"}',
  );
  return 0;
}
