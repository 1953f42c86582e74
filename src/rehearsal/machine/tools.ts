/** The programs on the rehearsed machine's PATH. */
import { Problem } from '../../errors/problem.js';
import type { ToolName } from '../../world/exec.js';
import { durations } from '../durations.js';
import { eksctlSimulator } from '../eksctl/simulator.js';
import { karmadaSimulator } from '../kube/karmada/simulator.js';
import { kubectlSimulator } from '../kube/kubectl/simulator.js';
import type { ToolSimulator } from '../simulation.js';

/** Which programs there are, and in which versions; without an entry a program is not on PATH. */
export type ToolVersions = Readonly<Partial<Record<ToolName, string>>>;

/** The versions whose behaviour the simulators show. */
export const defaultVersions = {
  eksctl: '0.230.0',
  kubectl: 'v1.34.4',
  'kubectl-karmada': 'v1.18.2',
  aws: '2.36.7',
} as const satisfies ToolVersions;

/** The simulators on PATH. Another version than the default changes what `version` prints, and nothing else. */
export function toolsOnPath(versions: ToolVersions): Readonly<Partial<Record<ToolName, ToolSimulator>>> {
  return {
    ...(versions.eksctl && { eksctl: withVersion(eksctlSimulator, 'eksctl', versions.eksctl) }),
    ...(versions.kubectl && { kubectl: withVersion(kubectlSimulator, 'kubectl', versions.kubectl) }),
    ...(versions['kubectl-karmada'] && {
      'kubectl-karmada': withVersion(karmadaSimulator, 'kubectl-karmada', versions['kubectl-karmada']),
    }),
    ...(versions.aws && { aws: awsSimulator(versions.aws) }),
  };
}

/** Rewrites the version that a program prints of itself. */
function withVersion(simulator: ToolSimulator, tool: keyof typeof defaultVersions, version: string): ToolSimulator {
  const usual = defaultVersions[tool];
  if (version === usual) return simulator;
  return (process) => {
    if (process.args[0] !== 'version') return simulator(process);
    const bare = [usual.replace(/^v/, ''), version.replace(/^v/, '')] as const;
    return simulator({ ...process, out: (line) => process.out(line.replaceAll(...bare)) });
  };
}

/** The product only asks the AWS CLI for its version; kubeconfigs that call it are answered by the API simulators. */
function awsSimulator(version: string): ToolSimulator {
  return async (process) => {
    if (process.args.join(' ') !== '--version') {
      throw new Problem('rehearsal-unmodelled', {
        what: `the rehearsal does not know 'aws ${process.args.join(' ')}'`,
      });
    }
    await process.takes(durations.version);
    process.out(`aws-cli/${version} Python/3.13.11 Linux/6.8.0 exe/x86_64.ubuntu.24`);
    return 0;
  };
}
