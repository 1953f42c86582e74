/** As much of IAM's evaluation as the printed policies use: allow statements with conditions, for one request. */
import type { IamPolicy } from '../../src/iam/iam-policy.js';

/** One request to AWS, as IAM sees it. Keys that are missing are not in the request. */
export interface Request {
  readonly action: string;
  /** `*` for actions that know no resources. */
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

type Statement = IamPolicy['Statement'][number];

/** Whether any statement allows it; the policies have no other statements. */
export function allows({ Statement }: IamPolicy, request: Request): boolean {
  return Statement.some((statement) => matches(statement, request));
}

function matches({ Action, Resource, Condition = {} }: Statement, { action, resource, context }: Request): boolean {
  const resources = typeof Resource === 'string' ? [Resource] : Resource;
  return (
    Action.some((pattern) => isLike(action, pattern)) &&
    resources.some((pattern) => isLike(resource, pattern)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, context[key])),
    )
  );
}

type Test = (value: string, wanted: string) => boolean;

/** ARN operators take wildcards, `Equals` too (IAM User Guide, condition operators). */
const tests: Readonly<Record<string, Test>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
};

function holds(operator: string, wanted: readonly string[], found: readonly string[] | undefined): boolean {
  const [, set = '', name = '', ifExists = ''] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === 'Null') return wanted.includes(String(found === undefined));
  const test = tests[name];
  if (test === undefined) throw new Error(`expected a known operator, got ${operator}`);
  const passes = (value: string): boolean => wanted.some((each) => test(value, each));
  if (set === 'ForAllValues:') return (found ?? []).every(passes);
  if (found === undefined) return ifExists !== '';
  return found.some(passes);
}

/** By pattern: there are few, and each is asked for thousands of times. */
const expressions = new Map<string, RegExp>();

function isLike(text: string, pattern: string): boolean {
  const known = expressions.get(pattern) ?? expressionOf(pattern);
  expressions.set(pattern, known);
  return known.test(text);
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** Every policy in which one key of one condition is missing, with where it was. */
export function withoutOneCondition(
  policy: IamPolicy,
): readonly { readonly where: string; readonly policy: IamPolicy }[] {
  return policy.Statement.flatMap((statement, index) =>
    Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key) => {
        const { [key]: _, ...others } = keys;
        const weaker = { ...statement, Condition: { ...statement.Condition, [operator]: others } };
        const where = `${statement.Sid} ${operator} ${key}`;
        return { where, policy: { ...policy, Statement: policy.Statement.with(index, weaker) } };
      }),
    ),
  );
}
