/** Which tools are installed, in which versions, and whether these are supported. */
import semver from 'semver';
import type { Clients } from '../clients/clients.js';
import { ok, okUnless } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Checked } from '../model/facts.js';
import type { Call } from '../tools/run.js';
import { run } from '../tools/run.js';
import type { ToolName } from '../world/exec.js';

interface Range {
  readonly range: string;
  readonly why: string;
}

/** Versions that work, and why others do not. */
const ranges: Readonly<Record<ToolName, Range>> = {
  eksctl: { range: '>=0.216.0', why: 'older versions do not support upgradePolicy and autoModeConfig' },
  kubectl: {
    range: '>=1.30.0',
    why: 'EKS offers Kubernetes 1.31 and newer, and kubectl may differ by one minor version',
  },
  'kubectl-karmada': {
    range: '>=1.15.3 <1.17.0 || >=1.17.3',
    why: 'register ignores its endpoint before 1.15.3 (karmada 6882), etcd’s probe cannot run in 1.17.0 to 1.17.2 (karmada 7381)',
  },
  // Inferred for 2.x: both lines got it together, in May 2022 (aws-cli, CHANGELOG; containers-roadmap issue 1736).
  aws: {
    range: '>=1.23.9 <2 || >=2.7.0',
    why: 'older versions give kubectl tokens of client.authentication.k8s.io/v1alpha1, which kubectl 1.24 and newer refuse',
  },
};

const installHints: Readonly<Record<ToolName, string>> = {
  eksctl: 'https://docs.aws.amazon.com/eks/latest/eksctl/installation.html',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  'kubectl-karmada': 'https://karmada.io/docs/installation/install-cli-tools',
  aws: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
};

/** The version of every program that was found. */
export type ToolVersions = Readonly<Partial<Record<ToolName, string>>>;

/** Asks all programs for their versions, in parallel. */
export async function findTools(clients: Clients, call: Call): Promise<Checked<ToolVersions>> {
  const questions: readonly (readonly [ToolName, Promise<string>])[] = [
    ['eksctl', clients.eksctl.version(call)],
    ['kubectl', clients.kubectl.version(call)],
    ['kubectl-karmada', clients.karmada.version(call)],
    ['aws', awsVersion(clients, call)],
  ];
  const found: Partial<Record<ToolName, string>> = {};
  const problems: Problem[] = [];
  // All are awaited before the first is judged: a rejection that nobody awaits yet would end the process.
  await Promise.allSettled(questions.map(([, question]) => question));
  for (const [tool, question] of questions) {
    try {
      const version = await question;
      found[tool] = version.replace(/^v/, '');
      if (!semver.satisfies(version, ranges[tool].range, { includePrerelease: true }))
        problems.push(outOfRange(tool, version));
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      const problem = thrown.code === 'tool-missing' ? missing(tool) : thrown;
      // An aws that others may change is in the way of all that run it.
      if (!problems.some(({ message }) => message === problem.message)) problems.push(problem);
    }
  }
  const versions = Object.entries(found).map(([tool, version]) => `${tool} ${version}`);
  return { found, diagnostics: okUnless(problems, versions.join(', ')) };
}

/** Whether kubectl-karmada has the version that the fleet asks for; nothing where it is missing, which is a problem of its own. */
export function judgeKarmada(fleet: Fleet, installed: string | undefined): readonly Diagnostic[] {
  const wanted = fleet.karmadaVersion;
  if (installed === undefined) return [];
  if (wanted === undefined || installed === wanted) return [ok(`a new control plane gets Karmada ${installed}`)];
  const problem = new Problem('tool-version', {
    what: `expected kubectl-karmada ${wanted}, got ${installed}`,
    why: 'kubectl-karmada installs the Karmada version that it has itself',
    next: [`install kubectl-karmada ${wanted}`, `or set --karmada-version ${installed}`],
  });
  return [problem];
}

/** `aws-cli/2.36.7 Python/3.13.4 …` */
async function awsVersion(clients: Clients, call: Call): Promise<string> {
  const ended = await run(clients.world.exec, { tool: 'aws', args: ['--version'] }, 60_000, call);
  return /^aws-cli\/(\d+\.\d+\.\d+)/.exec(ended.stdout || ended.stderr)?.[1] ?? '0.0.0';
}

/** Where the AWS CLI is to be had, when it is not there; it has an installer of its own, and no checksums. */
export async function awsCliHint(clients: Clients, call: Call): Promise<string | undefined> {
  try {
    await awsVersion(clients, call);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.code === 'tool-missing')) throw thrown;
    return `the AWS CLI, which provides kubectl’s tokens, is also required and has its own installer: ${installHints.aws}`;
  }
}

function missing(tool: ToolName): Problem {
  const use = tool === 'aws' ? 'kubectl gets its EKS tokens from it' : 'karmada-eks runs it';
  return new Problem('tool-missing', {
    what: `${tool} is not on PATH`,
    why: use,
    next: [
      ...(tool === 'aws' ? [] : [`karmada-eks tools install --only ${tool}`]),
      `${tool === 'aws' ? '' : 'or '}install ${tool} ${shown(tool)}: ${installHints[tool]}`,
    ],
  });
}

function shown(tool: ToolName): string {
  return ranges[tool].range.replaceAll('||', 'or');
}

function outOfRange(tool: ToolName, version: string): Problem {
  return new Problem('tool-version', {
    what: `${tool} ${version} is not supported; ${shown(tool)} is required`,
    why: ranges[tool].why,
    next: [`install a supported version: ${installHints[tool]}`],
  });
}
