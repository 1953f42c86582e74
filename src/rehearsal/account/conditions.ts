/** Takes conditions, which are failures on purpose, from the account's list. */
import type { AccountState, Condition } from '../state.js';

type ConditionOf<Kind extends Condition['kind']> = Extract<Condition, { kind: Kind }>;

/** The first condition of a kind that fits and still has times left; counts one off (-1: for ever). */
export function takeCondition<Kind extends Condition['kind']>(
  state: AccountState,
  kind: Kind,
  fits: (condition: ConditionOf<Kind>) => boolean,
): ConditionOf<Kind> | undefined {
  const found = state.conditions.find(
    (condition): condition is ConditionOf<Kind> =>
      condition.kind === kind && condition.times !== 0 && fits(condition as ConditionOf<Kind>),
  );
  if (found !== undefined && found.times > 0) found.times -= 1;
  return found;
}
