/** Programs as faults make them: failing, hanging, dying, doing nothing, talking nonsense. */
import type { ExecRequest } from '../../world/exec.js';
import { assume } from '../account/other-accounts.js';
import { settle } from '../account/settle.js';
import { restore, snapshot } from '../account.js';
import { AwsError } from '../aws/answer.js';
import { never } from '../durations.js';
import { EksctlFailure, sdkError } from '../eksctl/run.js';
import type { Fault } from '../faults.js';
import { readEksToken } from '../kube/access/eks-token.js';
import { type KubeconfigUser, parseKubeconfig } from '../kube/access/kubeconfig.js';
import type { Simulation, ToolSimulator } from '../simulation.js';
import { put, removePath } from './files.js';
import { type ProcessContext, variableOf } from './process.js';

/** A program that replaces the real one, and when it is killed. */
interface FaultyTool {
  readonly simulator: ToolSimulator;
  readonly dieAfterMs?: number;
}

/** What runs instead when a fault hits a call. */
export async function faultyTool(
  context: ProcessContext,
  request: ExecRequest,
  simulator: ToolSimulator,
  fault: Fault,
): Promise<FaultyTool> {
  switch (fault.kind) {
    case 'die-half-way':
      return { simulator, dieAfterMs: fault.afterMs ?? (await ownTime(context, request, simulator)) / 2 };
    case 'hang':
      return { simulator: (process) => process.takes(never).then(() => 0) };
    case 'no-effect':
      return { simulator: async () => 0 };
    case 'garbage':
      return { simulator: printing('out', fault.message ?? '<html>502 Bad Gateway</html>', 0) };
    case 'expired':
      return {
        simulator:
          expiredTool(request, context.account.state.files) ?? printing('err', 'error: credentials have expired', 1),
      };
    case 'throttle':
      return { simulator: printing('err', 'Error: api error ThrottlingException: Rate exceeded', 1) };
    case 'fail':
      return { simulator: printing('err', fault.message ?? 'Error: it failed on purpose', 1) };
  }
}

/**
 * A program that calls AWS, with expired credentials; undefined for one that needs none. `tokens last`: it cannot take any, but a token
 * that this process made is good.
 */
export function expiredTool(
  request: ExecRequest,
  files: Readonly<Record<string, string>>,
  tokens: 'tokens end' | 'tokens last' = 'tokens end',
): ToolSimulator | undefined {
  if (request.tool === 'aws' || request.args[0] === 'version') return undefined;
  if (request.tool === 'eksctl') {
    const why = sdkError('STS', 'GetCallerIdentity', 403, expiredToken);
    return printing('err', `Error: checking AWS STS access – cannot get role ARN for current session: ${why}`, 1);
  }
  const users = usersOf(request, files);
  if (tokens === 'tokens end' && users.some(({ token }) => readEksToken(token) !== undefined)) {
    return printing('err', 'error: You must be logged in to the server (Unauthorized)', 1);
  }
  // EKS clusters want a token from AWS; the Karmada API, and clusters elsewhere, do not.
  if (users.every(({ exec }) => exec.length === 0)) return undefined;
  const why = 'getting credentials: exec: executable aws failed with exit code 255';
  return printing('err', `Unable to connect to the server: ${why}`, 1);
}

/** The account as a program sees it: as the role that it is given, where it is given one. */
export function simulationFor(simulation: Simulation, { as }: ExecRequest): Simulation {
  return as === undefined ? simulation : assume(simulation, as.account);
}

/** eksctl that gets no session of its role, for it is refused; undefined: it gets one, or needs none. */
export function unlessRefused(context: ProcessContext, request: ExecRequest): ToolSimulator | undefined {
  try {
    simulationFor(context.account, request);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    const why = `get identity: get credentials: failed to refresh cached credentials, failed to load credentials, : ${thrown.name}: ${thrown.message}`;
    const failed = `operation error STS: GetCallerIdentity, ${why}`;
    return printing('err', `Error: checking AWS STS access – cannot get role ARN for current session: ${failed}`, 1);
  }
}

function usersOf({ args }: ExecRequest, files: Readonly<Record<string, string>>): readonly KubeconfigUser[] {
  return args.flatMap((arg) => {
    const [, path = ''] = /^--(?:kubeconfig|cluster-kubeconfig|karmada-config)=(.*)$/.exec(arg) ?? [];
    return parseKubeconfig(files[path] ?? '')?.users ?? [];
  });
}

/** eksctl whose credentials expire while it waits: it stops polling, and what it requested continues. */
export function losingCredentials(simulator: ToolSimulator, expired: () => boolean): ToolSimulator {
  return (process) =>
    simulator({
      ...process,
      takes: async (ms) => {
        await process.takes(ms);
        if (expired()) throw new EksctlFailure(sdkError('CloudFormation', 'DescribeStacks', 403, expiredToken));
      },
    });
}

const expiredToken = 'api error ExpiredToken: The security token included in the request is expired';

function printing(stream: 'out' | 'err', text: string, code: number): ToolSimulator {
  return async (process) => {
    process[stream](text);
    return code;
  };
}

/** The virtual time a program would take by itself, found by running it on a copy of the account. */
async function ownTime(context: ProcessContext, request: ExecRequest, simulator: ToolSimulator): Promise<number> {
  const copy = restore(snapshot(context.account));
  const start = copy.state.now;
  const { files } = copy.state;
  await simulator({
    simulation: simulationFor(copy, request),
    args: request.args,
    host: context.machine.host,
    address: context.publicAddress,
    stdin: request.stdin ?? '',
    variable: (name) => variableOf(context, name),
    readFile: (path) => files[path],
    writeFile: (path, text) => put(files, path, text),
    removeFolder: (path) => removePath(files, path),
    takes: async (ms) => {
      copy.state.now += ms;
      settle(copy);
    },
    out: () => {},
    err: () => {},
  });
  return copy.state.now - start;
}
