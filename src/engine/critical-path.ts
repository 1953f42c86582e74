/** Which steps determined how long a run took, or will take. */

/** A step in time; `from` and `to` in ms on any one clock. */
export interface TimedStep {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** Ids of the steps whose end it waited for. */
  readonly needs: readonly string[];
  /** Steps of one group wait for each other when there is no room for all. */
  readonly group?: string | undefined;
}

/**
 * Ids of the steps from the first to the last, each of which let the next one start: going back from the step that ended last, each
 * time to the one that ended last of those that it waited for.
 */
export function criticalPath(steps: readonly TimedStep[]): ReadonlySet<string> {
  const path = new Set<string>();
  const begin = Math.min(...steps.map(({ from }) => from));
  for (let step = lastOf(steps); step !== undefined; ) {
    const { id, from, needs, group }: TimedStep = step;
    path.add(id);
    if (from === begin) break;
    const mayHaveLetItStart = (each: TimedStep): boolean =>
      needs.includes(each.id) || (group !== undefined && each.group === group && each.to <= from);
    step = lastOf(steps.filter((each) => mayHaveLetItStart(each) && !path.has(each.id)));
  }
  return path;
}

/** Of several that ended at the same time, the first. */
function lastOf(steps: readonly TimedStep[]): TimedStep | undefined {
  return steps.reduce<TimedStep | undefined>(
    (last, each) => (last === undefined || each.to > last.to ? each : last),
    undefined,
  );
}
