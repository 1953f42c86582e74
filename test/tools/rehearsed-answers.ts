/** What the rehearsal answers to the questions whose answers by the real tools are recorded. */
import { runCli } from '../../src/main.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import type { Exec, ExecRequest, ExecResult, ToolName } from '../../src/world/exec.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';
import type { Answer } from './recorded-answers.js';

/** One command of a run, in the form of the recorder (test/lab/compare/recorder.js). */
interface Call {
  readonly kind: 'exec';
  readonly request: ExecRequest;
  readonly result: ExecResult;
}

/** Which answer is recorded under which name (test/lab/compare/recordings.js). */
interface Recording {
  readonly name: string;
  readonly tool: ToolName;
}

// The lab's JavaScript has no types: it runs without a build.
const lab = (await import(new URL('../lab/compare/recordings.js', import.meta.url).href)) as {
  readonly recordings: readonly Recording[];
  readonly pick: (recording: Recording, runs: readonly (readonly Call[])[]) => Call | undefined;
};

export const recordings = lab.recordings;

const region = 'us-west-2';
const members = ['--member=name=lab-push', '--member=name=lab-pull,region=eu-west-1,mode=pull'];
const up = ['up', '--yes', '--vpc=main', ...members];
const more = ['--member=name=lab-third', '--member=name=lab-fourth'];

/** The rehearsal's answers by `tool/name`, taken from the same kinds of run as in the lab. */
export async function rehearsedAnswers(): Promise<ReadonlyMap<string, Answer>> {
  const account = newAccount();
  for (const each of [region, 'eu-west-1']) addVpc(account, { region: each, name: 'main' });
  const runs = [await callsOf(account, up), await callsOf(account, up), await callsOf(account, ['status'])];
  const reason = 'no capacity';
  account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'lab-third', reason, times: 1 });
  account.state.conditions.push({ kind: 'node-group-fails', cluster: 'lab-fourth', reason, times: 1 });
  runs.push(await callsOf(account, [...up, ...more]));
  const status = 'DEGRADED';
  account.state.conditions.push({
    kind: 'addon-fails',
    cluster: 'lab-third',
    addon: 'coredns',
    status,
    reason,
    times: 1,
  });
  runs.push(await callsOf(account, [...up, ...more]));
  runs.push(await callsOf(account, [...up, ...more, '--replace-addons']));
  runs.push(await callsOf(account, ['down', '--yes', '--confirm=lab']));
  const answers = new Map<string, Answer>();
  for (const recording of recordings) {
    const result = lab.pick(recording, runs)?.result;
    if (result?.kind === 'exited') answers.set(`${recording.tool}/${recording.name}`, result);
  }
  return answers;
}

async function callsOf(account: Account, words: readonly string[]): Promise<readonly Call[]> {
  const { world } = connect(account);
  const calls: Call[] = [];
  const exec: Exec = async (request) => {
    const result = await world.exec(request);
    calls.push({ kind: 'exec', request, result });
    return result;
  };
  const open = async () => ({ world: { ...world, exec }, onEvent: () => undefined, close: async () => undefined });
  await runCli({ open, surroundings: fakeSurroundings(), onStop: () => undefined }, [
    ...words,
    '--fleet=lab',
    `--region=${region}`,
  ]);
  return calls;
}
