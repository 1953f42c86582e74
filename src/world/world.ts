/** Everything outside the program, as one value; only main and the rehearsal choose which. */
import type { AwsClients } from './aws.js';
import type { Clock } from './clock.js';
import type { Downloads } from './download.js';
import type { Environment } from './environment.js';
import type { Exec } from './exec.js';
import type { Files } from './files.js';
import type { HttpGet, HttpPost } from './http.js';
import type { OwnInterfaces } from './interfaces.js';
import type { NewId } from './new-id.js';
import type { NewKey } from './new-key.js';
import type { Processes } from './processes.js';
import type { ReadInput } from './standard-input.js';
import type { PresentedBy } from './tls.js';

export interface World {
  readonly exec: Exec;
  readonly aws: AwsClients;
  readonly files: Files;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly httpGet: HttpGet;
  readonly httpPost: HttpPost;
  readonly presentedBy: PresentedBy;
  readonly ownInterfaces: OwnInterfaces;
  readonly downloads: Downloads;
  readonly processes: Processes;
  readonly newId: NewId;
  readonly newKey: NewKey;
  readonly readInput: ReadInput;
}
