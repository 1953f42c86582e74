/** Grants as a table: whose, which role, where, until when. */
import type { Grant } from '../../access/grants/grants.js';
import type { Table } from '../../ui/ui.js';
import { timeText } from './time-text.js';

/** @param now in ms since the epoch */
export function grantTable(grants: readonly Grant[], now: number): Table {
  return {
    name: 'access',
    columns: ['person', 'role', 'namespace', 'until'],
    rows: grants.map(({ person, role, namespace, until }) => [
      person,
      role,
      namespace ?? '(all)',
      until > now ? timeText(until) : `ended ${timeText(until)}`,
    ]),
  };
}

/** The same for programs. */
export function grantRows(grants: readonly Grant[], now: number): readonly object[] {
  return grants.map(({ person, role, namespace = null, until }) => ({
    person,
    role,
    namespace,
    until: new Date(until).toISOString(),
    ended: until <= now,
  }));
}
