/** Asks AWS and kubectl each question once while the world is only looked at, however many looks want the answer. */
import { errorName } from '../aws/call.js';
import type { AwsClients } from '../world/aws.js';
import type { Command, Exec } from '../world/exec.js';
import type { World } from '../world/world.js';

/** The ports to ask through, and the one who says when answers are shared. */
export interface OneLook {
  readonly exec: Exec;
  readonly aws: AwsClients;
  /**
   * While `look` goes on, an answer is given to all who ask the same. For looks that take seconds and wait for nothing: a
   * poll in it would see the same for ever. A change forgets all answers; so does the end of the look.
   */
  readonly inOneLook: <T>(look: () => Promise<T>) => Promise<T>;
}

/** Answers by question. */
type Answers = Map<string, Promise<unknown>>;

export function oneLook({ exec, aws }: Pick<World, 'exec' | 'aws'>): OneLook {
  let answers: Answers | undefined;
  const once = async <T>(question: string | undefined, ask: () => Promise<T>): Promise<T> => {
    if (question === undefined) answers?.clear();
    const shared = answers;
    if (question === undefined || shared === undefined) return await ask().finally(() => shared?.clear());
    const answer = shared.get(question) ?? ask();
    shared.set(question, answer);
    try {
      return (await answer) as T;
    } catch (thrown) {
      // That a thing is not there is an answer too, which AWS gives as an error.
      if (errorName(thrown) !== 'ResourceNotFoundException') shared.delete(question);
      throw thrown;
    }
  };
  return {
    exec: (request) => once(questionOf(request), () => exec(request)),
    aws: sharing(aws, once),
    inOneLook: async (look) => {
      // A look within a look shares with it.
      if (answers !== undefined) return await look();
      answers = new Map();
      try {
        return await look();
      } finally {
        answers = undefined;
      }
    },
  };
}

type Once = <T>(question: string | undefined, ask: () => Promise<T>) => Promise<T>;

/** A read, as text; undefined for what may change something. */
function questionOf({ tool, args }: Command): string | undefined {
  const [verb = ''] = args.filter((arg) => !arg.startsWith('-'));
  return tool === 'aws' || ['get', 'config', 'version'].includes(verb) ? JSON.stringify([tool, args]) : undefined;
}

interface Sender {
  readonly send: (...args: never) => unknown;
}

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

function sharing(aws: AwsClients, once: Once): AwsClients {
  const shared =
    <C extends Sender>(service: string, clientOf: (region: string) => C) =>
    (region: string): C => {
      const client = clientOf(region);
      const send = (...args: never): Promise<unknown> => {
        const [command] = args as readonly [SdkCommand];
        const { name } = command.constructor;
        const reads = /^(Describe|Get|List)/.test(name);
        const question = reads ? JSON.stringify([service, region, name, command.input]) : undefined;
        return once(question, async () => await client.send(...args));
      };
      // `send` is overloaded once a command; TypeScript cannot say "the same overloads, shared".
      return { send } as unknown as C;
    };
  return {
    ...aws,
    ec2: shared('ec2', aws.ec2),
    eks: shared('eks', aws.eks),
    sts: shared('sts', aws.sts),
    cloudformation: shared('cloudformation', aws.cloudformation),
    elbv2: shared('elbv2', aws.elbv2),
    iam: shared('iam', aws.iam),
    logs: shared('logs', aws.logs),
    servicequotas: shared('servicequotas', aws.servicequotas),
  };
}
