/** The real world: this machine, this network, this AWS account. */
import type { AskCode } from '../aws.js';
import type { World } from '../world.js';
import { realAws } from './aws.js';
import { realClock } from './clock.js';
import type { Redact } from './credentials.js';
import { realFiles } from './disk/files.js';
import { realEnvironment } from './environment.js';
import { realDownloads } from './net/download.js';
import { realHttpGet } from './net/http.js';
import { realHttpPost } from './net/http-post.js';
import { realInterfaces } from './net/interfaces.js';
import { realTls } from './net/tls.js';
import { realNewId } from './new-id.js';
import { realNewKey } from './new-key.js';
import { realExec } from './programs/exec.js';
import { realProcesses } from './programs/processes.js';
import { roleVariables } from './programs/role-credentials.js';
import { realInput } from './standard-input.js';

/**
 * All ports in their real form; nothing is loaded or called before it is used. `redact` takes secrets out of what a port tells in its own words.
 * `profile`: of the AWS configuration, where one was asked for by flag. `askCode`: undefined where nobody can be asked.
 */
export function realWorld(redact: Redact, profile?: string, askCode?: AskCode): World {
  const environment = realEnvironment(undefined, undefined, profile);
  const { assume, forPrograms, ...aws } = realAws(environment, redact, askCode);
  return {
    exec: realExec(environment, { asRole: roleVariables(assume), own: forPrograms }),
    aws,
    files: realFiles,
    clock: realClock,
    environment,
    httpGet: realHttpGet(environment),
    httpPost: realHttpPost,
    presentedBy: realTls,
    ownInterfaces: realInterfaces,
    downloads: realDownloads(environment),
    processes: realProcesses(),
    newId: realNewId,
    newKey: realNewKey,
    readInput: realInput(),
  };
}
