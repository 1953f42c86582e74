/** Runs the command line on a rehearsed machine and keeps what leaves the program to change something in AWS or in a cluster. */
import { expect } from 'vitest';
import { runCli } from '../../src/main.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { AwsClients } from '../../src/world/aws.js';
import type { Command } from '../../src/world/exec.js';
import { type Place, placeKey } from '../../src/world/place.js';
import type { World } from '../../src/world/world.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

/** A call of AWS. */
export interface SentCall {
  readonly operation: string;
  readonly region: string;
  readonly input: object;
}

/** What a run sent, in the order in which it was sent; reads are left out. */
export interface Sent {
  readonly commands: readonly Command[];
  readonly calls: readonly SentCall[];
}

type SdkCommand = { readonly input: object; readonly constructor: { readonly name: string } };

const readingVerbs = ['get', 'version', 'config', 'api-resources'];

/** The first word of a command. */
function verbOf({ args }: Command): string {
  return args.find((arg) => !arg.startsWith('-')) ?? '';
}

/** Runs it; it has to end with exit code 0. */
export async function sentBy(account: Account, words: string): Promise<Sent> {
  const { world } = connect(account);
  const commands: Command[] = [];
  const calls: SentCall[] = [];
  const listening: World = {
    ...world,
    aws: listeningAws(world.aws, (call) => calls.push(call)),
    exec: (request) => {
      const { tool, args, stdin } = request;
      if (tool !== 'aws' && !readingVerbs.includes(verbOf(request))) {
        commands.push(stdin === undefined ? { tool, args } : { tool, args, stdin });
      }
      return world.exec(request);
    },
  };
  const surroundings = fakeSurroundings();
  const open = async () => ({ world: listening, onEvent: () => undefined, close: async () => undefined });
  const code = await runCli({ open, surroundings, onStop: () => undefined }, words.split(' '));
  expect(code, `${words}\n${surroundings.stderr.text}`).toBe(0);
  return { commands, calls };
}

function listeningAws(aws: AwsClients, tell: (call: SentCall) => void): AwsClients {
  const { credentialLife, eksToken, ...services } = aws;
  const opened = Object.entries(services).map(([service, open]) => [
    service,
    (place: Place) => {
      const client = open(place);
      const region = placeKey(place);
      const send = client.send as (...given: readonly unknown[]) => Promise<unknown>;
      return {
        ...client,
        send: (command: SdkCommand, ...more: readonly unknown[]) => {
          const operation = command.constructor.name.replace(/Command$/, '');
          if (!/^(Describe|List|Get)/.test(operation)) {
            tell({ operation: `${service}:${operation}`, region, input: command.input });
          }
          return send(command, ...more);
        },
      };
    },
  ]);
  return { ...Object.fromEntries(opened), credentialLife, eksToken } as AwsClients;
}
