/** The real world: this machine, this network, this AWS account. */
import type { World } from '../world.js';
import { realAws } from './aws.js';
import { realClock } from './clock.js';
import { realDownloads } from './download.js';
import { realEnvironment } from './environment.js';
import { realExec } from './exec.js';
import { realFiles } from './files.js';
import { realHttpGet } from './http.js';
import { realNewId } from './new-id.js';
import { realProcesses } from './processes.js';

/** All ports in their real form; nothing is loaded or called before it is used. */
export function realWorld(): World {
  const environment = realEnvironment();
  return {
    exec: realExec(environment),
    aws: realAws(environment),
    files: realFiles,
    clock: realClock,
    environment,
    httpGet: realHttpGet(environment),
    downloads: realDownloads(environment),
    processes: realProcesses(),
    newId: realNewId,
  };
}
