/** Validates typed answers with the same schema as flags. */
import { Problem } from '../../errors/problem.js';
import { checkRequest } from '../../fleet/request.js';
import type { FleetRequest } from '../../fleet/schema.js';

/** True, or a description of what is wrong with the value of a field, for `name`. */
export function isValid(part: keyof FleetRequest, value: unknown, name: string = part): true | string {
  try {
    checkRequest({ [part]: value }, () => name);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return thrown.parts[0]?.message ?? thrown.message;
  }
}

/** A number where digits were typed; other texts stay what they are, for the schema to refuse. */
export function countOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

export function clusterIsTaken(cluster: string, region: string): string {
  return `EKS cluster ${cluster} in ${region} exists and is not this fleet’s`;
}
