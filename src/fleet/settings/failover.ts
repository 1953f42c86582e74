/** Whether and when Karmada moves workloads away from a member that does not respond, as wanted. */
import { Problem } from '../../errors/problem.js';
import { defaults } from '../defaults.js';
import { durationMs } from './duration.js';

export interface Failover {
  readonly enabled: boolean;
  /** How long a member has to be silent, e.g. `5m`, as Karmada's flags take it. */
  readonly after: string;
}

/** As a request has them. */
interface Fields {
  readonly failover?: boolean | undefined;
  readonly failoverAfter?: string | undefined;
}

/** Below 30 s Karmada would take a missed report for a loss: a pull member reports every 10 s (1.18.2, cmd/agent/app/options). */
const leastMs = 30_000;
const mostMs = 24 * 60 * 60 * 1000;

/** Whether a user may ask for it. */
export function isFailoverAfter(text: string): boolean {
  const ms = durationMs(text);
  return ms !== undefined && ms >= leastMs && ms <= mostMs;
}

/** @throws Problem `invalid-value` for a time without failover */
export function failoverOf({ failover, failoverAfter }: Fields): Failover | undefined {
  if (failover !== undefined) return { enabled: failover, after: failoverAfter ?? defaults.failoverAfter };
  if (failoverAfter === undefined) return undefined;
  throw new Problem('invalid-value', {
    what: '--failover-after requires --failover',
    next: ['add --failover, or omit --failover-after'],
  });
}

/** The part of a request that describes it. */
export function failoverRequest({ enabled, after }: Failover): Fields {
  return enabled ? { failover: true, failoverAfter: after } : { failover: false };
}
