/** What an organisation asks of everything that is created in its account. */
import type { FleetRequest } from '../schema.js';
import { type OwnTags, sortedTags } from './tags.js';

export interface Organisation {
  /** On what the fleet creates in AWS, besides its marks. */
  readonly tags: OwnTags;
  /** ARN of the policy that bounds every role that the fleet makes. */
  readonly permissionsBoundary: string | undefined;
  /** ARNs of the KMS keys that encrypt volumes, one for each region; empty: what is the account's default. */
  readonly kmsKeys: readonly string[];
}

export function organisationOf({ tags = {}, permissionsBoundary, kmsKeys = [] }: FleetRequest): Organisation {
  return { tags: sortedTags(tags), permissionsBoundary, kmsKeys: [...new Set(kmsKeys)] };
}

/** The part of a request that describes it; what is not set is left out. */
export function organisationRequest({ tags, permissionsBoundary, kmsKeys }: Organisation): FleetRequest {
  return {
    ...(Object.keys(tags).length === 0 ? {} : { tags: { ...tags } }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(kmsKeys.length === 0 ? {} : { kmsKeys: [...kmsKeys] }),
  };
}
