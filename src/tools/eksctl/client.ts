/** Runs eksctl: each command with its time limit, its progress lines and what its failure means. */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Command, Exec, OutputLine } from '../../world/exec.js';
import type { AwsPlace } from '../../world/place.js';
import { type Call, commandSummary, type Ended, lastLines, run, toolFailed, versionPattern } from '../run.js';
import { eksctlCommands, inPlace } from './commands.js';
import { meaningOf, reasonIn } from './output.js';

const minute = 60_000;

/**
 * How long what waits for AWS may take, in ms; all else `smallMs`. eksctl's own limit is 40 minutes per operation, and `delete` has
 * none (eksctl, pkg/ctl/delete/cluster.go): this one applies last.
 */
const limits: Readonly<Record<string, number>> = {
  'create cluster -f': 90 * minute,
  'create nodegroup -f': 90 * minute,
  'create addon -f': 90 * minute,
  'scale nodegroup': 90 * minute,
  'delete cluster': 60 * minute,
  'delete nodegroup': 60 * minute,
  version: minute,
};
const smallMs = 15 * minute;

const versionSchema = z.looseObject({ Version: z.string().regex(versionPattern) });

export interface Eksctl {
  readonly version: (call: Call) => Promise<string>;
  /**
   * Runs one of `eksctlCommands`, the same that a plan shows, with the credentials of the account in which its cluster is.
   * @throws Problem `tool-failed` with the reason that eksctl prints
   */
  readonly run: (place: AwsPlace, command: Command, call: Call) => Promise<void>;
}

export function makeEksctl(exec: Exec): Eksctl {
  const ended = async (command: Command, call: Call): Promise<Ended> => {
    const say = (line: OutputLine): void => {
      const meaning = meaningOf(line.text);
      if (meaning !== undefined) call.say?.(meaning);
    };
    const answer = await run(exec, command, limitOf(command), call, say);
    if (answer.code !== 0) throw failed(command, answer);
    return answer;
  };
  return {
    version: async (call) => versionIn(await ended(eksctlCommands.version(), call)),
    run: async (place, command, call) => {
      await ended(inPlace(place, command), call);
    },
  };
}

function limitOf({ args }: Command): number {
  const words = args.join(' ');
  return Object.entries(limits).find(([first]) => words.startsWith(first))?.[1] ?? smallMs;
}

function versionIn(ended: Ended): string {
  try {
    return versionSchema.parse(JSON.parse(ended.stdout)).Version;
  } catch (cause) {
    throw new Problem('tool-output', {
      what: 'eksctl version printed unexpected output',
      why: lastLines(ended.stdout),
      next: ['install another version of eksctl: karmada-eks tools install --only eksctl'],
      cause,
    });
  }
}

function failed(command: Command, ended: Ended): Problem {
  const why = reasonIn(`${ended.stdout}\n${ended.stderr}`);
  if (why === undefined) return toolFailed(command, ended);
  return new Problem('tool-failed', {
    what: `${commandSummary(command)} failed with exit status ${ended.code}`,
    why,
    next: ['run the same command again; it continues from where it stopped'],
  });
}
