/** What the ports of one rehearsed process share. */

import type { ToolName } from '../../world/exec.js';
import type { Account } from '../account.js';
import type { FaultPlan } from '../faults.js';
import type { ToolSimulator } from '../simulation.js';
import type { Identity } from './identity.js';
import type { Life } from './life.js';

/** A machine by its host name. */
interface Machine {
  readonly host: string;
  /** Home folder of the user; all machines keep their files in one place, so each has a home of its own. */
  readonly homeDir: string;
}

/** The machine that a rehearsal begins on. */
export const firstHost = 'rehearsal';

export function machineNamed(host: string = firstHost): Machine {
  return { host, homeDir: host === firstHost ? '/home/you' : `/home/you@${host}` };
}

/** Where a machine keeps the product's files. */
export function dataDirOf({ homeDir }: Machine): string {
  return `${homeDir}/.local/share/karmada-eks`;
}

export interface ProcessContext {
  readonly account: Account;
  readonly machine: Machine;
  readonly life: Life;
  readonly faults: FaultPlan;
  readonly tools: Readonly<Partial<Record<ToolName, ToolSimulator>>>;
  /** What AWS's check-ip service answers, and where calls come from; null: it cannot be reached; undefined: wherever the user's are to come from. */
  readonly publicAddress: string | null | undefined;
  /** The environment that its programs inherit. */
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly identity: Identity;
  /** When its sessions of roles of other accounts end, by account and role. */
  readonly sessions: Map<string, number>;
}

/** A variable as a program of this process sees it. */
export function variableOf(context: ProcessContext, name: string): string | undefined {
  return context.vars[name] ?? (name === 'HOME' ? context.machine.homeDir : undefined);
}

/** Have the AWS credentials of this process ended? */
export function credentialsExpired({ account, identity: { endsAt } }: ProcessContext): boolean {
  return endsAt !== undefined && account.now() >= endsAt;
}
