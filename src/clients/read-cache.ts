/** Asks AWS and kubectl each question only once while nothing is changed, however many checks need the answer. */
import { errorName } from '../aws/call.js';
import { type AwsCall, aroundSends, onlyReads } from '../aws/wrap-calls.js';
import { isReadOnly } from '../tools/read-only.js';
import type { AwsClients } from '../world/aws.js';
import type { Command, Exec, ExecResult } from '../world/exec.js';
import type { World } from '../world/world.js';

export interface ReadCache {
  readonly exec: Exec;
  readonly aws: AwsClients;
  /**
   * During `read`, an answer is shared by all who ask the same. For checks that take seconds and do not poll: a poll
   * would see the same forever. A change discards all answers, as does the end of `read`. What only failed is no
   * answer: whoever asks next asks again.
   */
  readonly withReadCache: <T>(read: () => Promise<T>) => Promise<T>;
  /** Discards the answers so far: for when so much time has passed that others may have changed what was read. */
  readonly forgetReads: () => void;
}

type Answers = Map<string, Promise<unknown>>;

export function makeReadCache({ exec, aws }: Pick<World, 'exec' | 'aws'>): ReadCache {
  let answers: Answers | undefined;
  const once = async <T>(
    question: string | undefined,
    ask: () => Promise<T>,
    isAnswer: (result: T) => boolean = () => true,
  ): Promise<T> => {
    if (question === undefined) answers?.clear();
    const shared = answers;
    if (question === undefined || shared === undefined) return await ask().finally(() => shared?.clear());
    const known = shared.get(question);
    if (known !== undefined) return (await known) as T;
    const asked = ask();
    shared.set(question, asked);
    try {
      const result = await asked;
      if (!isAnswer(result)) shared.delete(question);
      return result;
    } catch (thrown) {
      // That a thing is not there is an answer too, which AWS gives as an error.
      if (errorName(thrown) !== 'ResourceNotFoundException') shared.delete(question);
      throw thrown;
    }
  };
  return {
    exec: (request) => once(questionOf(request), () => exec(request), isSuccess),
    aws: aroundSends(aws, (call, send) =>
      isStream(call) ? send() : once(onlyReads(call) ? JSON.stringify(call) : undefined, send),
    ),
    withReadCache: async (read) => {
      // A nested call shares the answers.
      if (answers !== undefined) return await read();
      answers = new Map();
      try {
        return await read();
      } finally {
        answers = undefined;
      }
    },
    forgetReads: () => answers?.clear(),
  };
}

/** An object of S3 may be large, and its bytes can be taken once. */
function isStream({ command }: AwsCall): boolean {
  return command === 'GetObjectCommand';
}

/** A read, as text; undefined for what may change something. */
function questionOf(command: Command): string | undefined {
  return isReadOnly(command) ? JSON.stringify([command.tool, command.args, command.stdin, command.as]) : undefined;
}

/** `kubectl get` also succeeds for what is not there, with `--ignore-not-found`. */
function isSuccess(result: ExecResult): boolean {
  return result.kind === 'exited' && result.code === 0;
}
