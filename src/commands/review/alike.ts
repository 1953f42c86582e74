/** Folds what is the same for several members, but for their names, into one. */
import type { Fleet } from '../../fleet/fleet.js';

/** Rows about one scope of a plan. */
export interface Scoped {
  readonly scope: string;
  readonly rows: readonly (readonly string[])[];
}

/** Rows that hold for each of these scopes; if there are several, with `<member>` in place of their names. */
export interface Alike {
  readonly scopes: readonly string[];
  readonly rows: Scoped['rows'];
}

/** In the order of the first of each; only members are folded. */
export function foldAlike(items: readonly Scoped[], fleet: Pick<Fleet, 'members'>): readonly Alike[] {
  const folds = new Map<string, { scopes: string[]; own: Scoped['rows']; common: Scoped['rows'] }>();
  for (const { scope, rows } of items) {
    const common = withoutNames(rows, namesOf(scope, fleet));
    const key = JSON.stringify(common);
    const found = folds.get(key);
    if (found === undefined) folds.set(key, { scopes: [scope], own: rows, common });
    else found.scopes.push(scope);
  }
  return [...folds.values()].map(({ scopes, own, common }) => ({ scopes, rows: scopes.length === 1 ? own : common }));
}

/** A member's name in Karmada, and that of its cluster. */
function namesOf(scope: string, { members }: Pick<Fleet, 'members'>): readonly string[] {
  const member = members.find(({ name }) => name === scope);
  if (member === undefined) return [];
  return member.kind === 'eks' ? [member.cluster, member.name] : [member.context, member.name];
}

function withoutNames(rows: Scoped['rows'], names: readonly string[]): Scoped['rows'] {
  // Names are letters, digits and dashes; a context may hold anything.
  const patterns = [...new Set(names)].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (patterns.length === 0) return rows;
  const name = new RegExp(`(?<![\\w-])(?:${patterns.sort((a, b) => b.length - a.length).join('|')})(?![\\w-])`, 'g');
  return rows.map((row) => row.map((cell) => cell.replace(name, '<member>')));
}
