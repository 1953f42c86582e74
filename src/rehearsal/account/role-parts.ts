/** What hangs on IAM roles: the tags of those that a stack made are the stack's, as CloudFormation passes them on. A boundary is in its template. */
import type { AccountState, RoleParts, StackState } from '../state.js';

/** A role has no policies and no profiles unless it was given some. */
export function partsOf(state: AccountState, role: string): RoleParts {
  const known = state.roleParts?.[role];
  if (known !== undefined) return known;
  const maker = makerOf(state, role);
  const tags = maker === undefined ? {} : { ...maker.tags, 'aws:cloudformation:stack-name': maker.name };
  const boundary = maker?.makes.boundary;
  return { tags, attached: [], inline: [], profiles: [], ...(boundary === undefined ? {} : { boundary }) };
}

/** When a role was made; undefined when that is not known. */
export function createdAtOf(state: AccountState, role: string): Date | undefined {
  const at = state.iamCreated?.[role] ?? makerOf(state, role)?.createdAt;
  return at === undefined ? undefined : new Date(at);
}

/** The stack that made a role. */
export function makerOf(state: AccountState, role: string): StackState | undefined {
  const stacks = Object.values(state.regions).flatMap(({ stacks: all }) => all);
  return stacks.find(({ makes, status }) => status !== 'DELETE_COMPLETE' && makes.roles.includes(role));
}

/** Takes roles away with all that is known of them. */
export function removeRoles(state: AccountState, names: readonly string[]): void {
  state.roles = state.roles.filter((role) => !names.includes(role));
  for (const name of names) {
    delete state.roleParts?.[name];
    delete state.iamCreated?.[name];
  }
}
