/** The real surroundings of the process. */
import { homedir, hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import envPaths from 'env-paths';
import type { Environment } from '../environment.js';
import { chosenCredentials } from './credential-variables.js';

type Vars = Environment['vars'];

/**
 * The data folder is `KARMADA_EKS_HOME`, which may be relative, or the system's for application data.
 * @param profile of the AWS configuration, where one was asked for by flag
 */
export function realEnvironment(
  given: Vars = { ...process.env },
  workingDir: string = process.cwd(),
  profile?: string,
): Environment {
  const vars = chosenCredentials(given, profile);
  const chosen = vars['KARMADA_EKS_HOME'];
  return {
    vars,
    homeDir: homedir(),
    workingDir,
    dataDir: chosen ? resolve(workingDir, chosen) : envPaths('karmada-eks', { suffix: '' }).data,
    owner: `${userName(vars)}@${hostname()} (${process.pid})`,
    runtime: `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`,
  };
}

/** A container may run under a user id without a name. */
function userName(vars: Vars): string {
  try {
    return userInfo().username;
  } catch {
    return vars['USER'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
