/** How long EKS supports the Kubernetes versions of a fleet. */

import type { ClusterVersionInformation } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { asProblem } from '../errors/problem.js';
import { ownRegion } from '../world/place.js';

/** The ends of a version's support; ISO dates, undefined if EKS does not report them. */
export interface VersionSupport {
  readonly endOfStandard: string | undefined;
  readonly endOfExtended: string | undefined;
}

/** EKS's versions in a region, or why they could not be read. */
export interface RegionSupport {
  /** By version, e.g. `1.35`. */
  readonly versions: ReadonlyMap<string, VersionSupport>;
  readonly unknown: string | undefined;
}

/** Asks once a region and keeps the answer: these dates change once in months. */
export type SupportDates = (region: string) => Promise<RegionSupport>;

/** A fleet is no less Ready because its dates cannot be read, so a refusal is an answer too. */
export function supportDates(clients: Clients): SupportDates {
  const asked = new Map<string, Promise<RegionSupport>>();
  const ask = async (region: string): Promise<RegionSupport> => {
    try {
      const offered = await clients.eks(ownRegion(region)).versions();
      return {
        versions: new Map(offered.map((each) => [each.clusterVersion ?? '', datesOf(each)])),
        unknown: undefined,
      };
    } catch (thrown) {
      // The next check reads again.
      asked.delete(region);
      const { message, why } = asProblem(thrown);
      return { versions: new Map(), unknown: why === undefined ? message : `${message}: ${why}` };
    }
  };
  return (region) => {
    const answer = asked.get(region) ?? ask(region);
    asked.set(region, answer);
    return answer;
  };
}

function datesOf({ endOfStandardSupportDate, endOfExtendedSupportDate }: ClusterVersionInformation): VersionSupport {
  return {
    endOfStandard: endOfStandardSupportDate?.toISOString(),
    endOfExtended: endOfExtendedSupportDate?.toISOString(),
  };
}
