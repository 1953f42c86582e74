/** What the ports of one rehearsed process share. */

import type { ToolName } from '../../world/exec.js';
import type { Account } from '../account.js';
import type { FaultPlan } from '../faults.js';
import type { ToolSimulator } from '../simulation.js';
import type { Life } from './life.js';

/** Where the rehearsed machine keeps the product's files. */
export const dataDir = '/home/you/.local/share/karmada-eks';

export interface ProcessContext {
  readonly account: Account;
  readonly life: Life;
  readonly faults: FaultPlan;
  readonly tools: Readonly<Partial<Record<ToolName, ToolSimulator>>>;
  /** When the AWS credentials end, in ms since the epoch; undefined when they do not. */
  readonly credentialsExpireAt: number | undefined;
}

/** Have the AWS credentials of this process ended? */
export function credentialsExpired({ account, credentialsExpireAt }: ProcessContext): boolean {
  return credentialsExpireAt !== undefined && account.now() >= credentialsExpireAt;
}
