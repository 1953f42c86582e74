/** Runs simulated programs: time limits, cancellation, output line by line, and death in the middle. */
import { fileFailed } from '../../errors/file-failed.js';
import type { Exec, ExecRequest, ExecResult, OutputLine, ToolName } from '../../world/exec.js';
import { settle } from '../account/settle.js';
import { unsettle } from '../kube/settle.js';
import type { ToolProcess, ToolSimulator } from '../simulation.js';
import { commandKey } from './command-key.js';
import { expiredTool, faultyTool, losingCredentials, simulationFor, unlessRefused } from './faulty-tools.js';
import { diskFull, put, removePath } from './files.js';
import { credentialsExpired, dataDirOf, type ProcessContext, variableOf } from './process.js';
import { toolsOnPath } from './tools.js';

/** Status of a program that signal 9 ended. */
const killed = 137;

/** The exec port of one process. */
export function rehearsedExec(context: ProcessContext): Exec {
  return (request) => context.life.guard(() => run(context, request));
}

async function run(context: ProcessContext, request: ExecRequest): Promise<ExecResult> {
  const simulator = context.tools[request.tool] ?? installedTool(context, request.tool);
  const key = commandKey(request);
  const fault = context.faults.take(key, context.account.now());
  if (simulator === undefined) return { kind: 'not-found' };
  if (request.signal?.aborted) return { kind: 'cancelled', stdout: '', stderr: '' };
  // As the real machine runs them: with the session that a code began here.
  if (!/^(--)?version$/.test(request.args[0] ?? '')) await context.identity.begin().catch(() => undefined);
  const tool = new RunningTool(context, request);
  const faulty = fault === undefined ? undefined : await faultyTool(context, request, simulator, fault);
  return tool.run(faulty?.simulator ?? withCredentials(context, request, simulator), faulty?.dieAfterMs);
}

/** What is piped into the program; a file that is not there is found before it starts. */
function stdinOf({ stdin, stdinFile }: ExecRequest, files: Readonly<Record<string, string>>): string {
  if (stdinFile === undefined) return stdin ?? '';
  const text = files[stdinFile];
  if (text === undefined) throw fileFailed('read', stdinFile, `ENOENT: no such file or directory, open '${stdinFile}'`);
  return text;
}

/** What `tools install` put into the data folder is found after PATH. */
function installedTool({ account, machine }: ProcessContext, tool: ToolName): ToolSimulator | undefined {
  const text = account.state.files[`${dataDirOf(machine)}/bin/${tool}`] ?? '';
  const version = /^rehearsed \S+ (\S+)\n$/.exec(text)?.[1];
  return version === undefined ? undefined : toolsOnPath({ [tool]: version })[tool];
}

/** eksctl and the token helper of kubectl call AWS first: with expired credentials they get no further. */
function withCredentials(context: ProcessContext, request: ExecRequest, simulator: ToolSimulator): ToolSimulator {
  const expired = (): boolean => credentialsExpired(context);
  if (expired()) return expiredTool(request, context.account.state.files) ?? simulator;
  if (request.as === undefined && context.identity.areOverForOthers)
    return expiredTool(request, context.account.state.files, 'tokens last') ?? simulator;
  if (request.tool !== 'eksctl') return simulator;
  const lost = request.as === undefined ? expired : sessionEnded(context);
  return unlessRefused(context, request) ?? losingCredentials(simulator, lost);
}

/** How long before the end of its session eksctl asks for another one, in ms (0.230.0, pkg/eks/apiv2.go, `ExpiryWindow`). */
const renewedBefore = 30 * 60_000;
const sessionMs = 60 * 60_000;

/** Whether the session of a role is over that a program began with: it gets another one as long as there are credentials to assume the role with. */
function sessionEnded(context: ProcessContext): () => boolean {
  let until = context.account.now() + sessionMs;
  return () => {
    const now = context.account.now();
    if (now >= until - renewedBefore && !credentialsExpired(context)) until = now + sessionMs;
    return now >= until;
  };
}

/** A program could not write a file: it reports that and exits. */
class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** Why a program was stopped. */
type Ending = 'timed-out' | 'cancelled' | 'died';

/** One program while it runs. */
class RunningTool {
  readonly #context: ProcessContext;
  readonly #request: ExecRequest;
  readonly #stop = new AbortController();
  readonly #output: Record<OutputLine['stream'], string[]> = { stdout: [], stderr: [] };
  #ending: Ending | undefined;

  constructor(context: ProcessContext, request: ExecRequest) {
    this.#context = context;
    this.#request = request;
  }

  async run(simulator: ToolSimulator, dieAfterMs: number | undefined): Promise<ExecResult> {
    const { account, life } = this.#context;
    const cancel = (): void => this.#end('cancelled');
    const die = (): void => this.#end('died');
    this.#request.signal?.addEventListener('abort', cancel, { once: true });
    life.ended.addEventListener('abort', die, { once: true });
    void account.clock
      .sleep(this.#request.timeoutMs, this.#stop.signal)
      .then(() => life.awake())
      .then(() => this.#end('timed-out'));
    if (dieAfterMs !== undefined) void account.clock.sleep(dieAfterMs, this.#stop.signal).then(die);
    try {
      const code = await Promise.race([simulator(this.#process()), this.#stopped()]);
      return { kind: 'exited', code, ...this.#texts() };
    } catch (error) {
      if (error instanceof ProcessEnded) return this.#endedResult();
      if (!(error instanceof DiskFull)) throw error;
      this.#print({ stream: 'stderr', text: `Error: ${error.message}` });
      return { kind: 'exited', code: 1, ...this.#texts() };
    } finally {
      this.#unsettle();
      this.#stop.abort(processEnded);
      this.#request.signal?.removeEventListener('abort', cancel);
      life.ended.removeEventListener('abort', die);
    }
  }

  #endedResult(): ExecResult {
    if (this.#ending === 'timed-out' || this.#ending === 'cancelled') return { kind: this.#ending, ...this.#texts() };
    return { kind: 'exited', code: killed, ...this.#texts() };
  }

  #end(ending: Ending): void {
    if (this.#stop.signal.aborted) return;
    this.#ending = ending;
    this.#stop.abort(processEnded);
  }

  #stopped(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.#stop.signal.addEventListener('abort', () => reject(processEnded), { once: true });
    });
  }

  #process(): ToolProcess {
    const { account, machine } = this.#context;
    const { files } = account.state;
    const request = this.#request;
    return {
      // A program whose role is refused asks for nothing there.
      get simulation() {
        return simulationFor(account, request);
      },
      args: this.#request.args,
      host: machine.host,
      address: this.#context.publicAddress,
      stdin: stdinOf(this.#request, files),
      variable: (name) => variableOf(this.#context, name),
      readFile: (path) => files[path],
      writeFile: (path, text) => this.#write(path, text),
      removeFolder: (path) => removePath(files, path),
      takes: (ms) => this.#takes(ms),
      out: (text) => this.#print({ stream: 'stdout', text }),
      err: (text) => this.#print({ stream: 'stderr', text }),
    };
  }

  #write(path: string, text: string): void {
    const { account, faults } = this.#context;
    const fault = faults.take(`file tool-write ${path}`, account.now());
    if (fault !== undefined) throw new DiskFull(`open ${path}: ${fault.message ?? diskFull}`);
    put(account.state.files, path, text);
  }

  async #takes(ms: number): Promise<void> {
    if (!this.#stop.signal.aborted) await this.#context.account.clock.sleep(ms, this.#stop.signal);
    await this.#context.life.awake();
    if (this.#stop.signal.aborted) throw processEnded;
    this.#unsettle();
    settle(this.#context.account);
  }

  /** eksctl writes into AWS, where nothing notes it. */
  #unsettle(): void {
    if (this.#request.tool === 'eksctl') unsettle(this.#context.account.state);
  }

  #print(line: OutputLine): void {
    if (this.#stop.signal.aborted) return;
    this.#output[line.stream].push(line.text);
    this.#request.onLine?.(line);
  }

  #texts(): { readonly stdout: string; readonly stderr: string } {
    const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
    return { stdout: text(this.#output.stdout), stderr: text(this.#output.stderr) };
  }
}

/** Rejects a program's `takes()` once it was stopped; only the machine that runs programs catches it. */
class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** One for all: it tells nothing but itself, and making one, with its stack, for each program takes time. */
const processEnded = new ProcessEnded();
