/** What EKS reports about an add-on, and what may do its work instead. */
import type { Addon } from '../../../aws/eks.js';
import type { CallContext } from '../../../engine/step.js';
import { metricsServer } from '../cluster-config.js';

/** One that a cluster of the fleet is to have. */
export interface AddonFound {
  readonly name: string;
  readonly addon: Addon | undefined;
  /** What does its work where it is missing or could not be made. */
  readonly standIn?: string | undefined;
}

/** Whether something is to be done or told about an add-on. */
export function isUnhealthy({ name, addon }: AddonFound): boolean {
  if (name === metricsServer) return addon === undefined || addon.status === 'CREATE_FAILED';
  return addon?.status !== 'ACTIVE';
}

/** States of an add-on that was made and is not as EKS wants it (EKS API reference, Addon.status). */
const impairedStates: readonly string[] = ['DEGRADED', 'UPDATE_FAILED', 'DELETE_FAILED'];

/** Whether an add-on was made and EKS calls it unhealthy. */
export function isImpaired(addon: Addon | undefined): boolean {
  return impairedStates.includes(addon?.status ?? '');
}

/** An add-on with its state and, if EKS reports it, the reason. */
export function describeAddon({ name, addon }: AddonFound): string {
  const issues = addon?.health?.issues?.flatMap(({ message }) => message ?? []) ?? [];
  return `add-on ${name} (${[addon?.status ?? 'missing', ...issues].join(': ')})`;
}

/** What is done to an add-on that EKS calls unhealthy, and why. `done`: e.g. `removed`. */
export function tellReplaced({ name, addon }: AddonFound, done: string, call: CallContext): void {
  const issues = addon?.health?.issues?.map(({ message }) => message).join('; ');
  call.say(`add-on ${name} is ${addon?.status}${issues ? ` (${issues})` : ''}: ${done}`, 'lasting');
}

/** What becomes of one that is not as EKS wants it, and how to have it otherwise. */
export function remedyOf({ addon, standIn }: AddonFound): string {
  if (addon === undefined) return `not added, because the cluster has ${standIn}; --replace-addons adds it`;
  return 'left unchanged; --replace-addons removes and re-adds it';
}
