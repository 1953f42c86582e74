/** A topic of a guided run: it asks, fills part of the request, and describes its value in the summary. */
import type { Clients } from '../../clients/clients.js';
import type { FleetRequest } from '../../fleet/schema.js';
import type { Ask, Question } from '../../ui/ui.js';

export interface Inquiry {
  readonly ask: Ask;
  readonly clients: Clients;
  readonly note: (text: string) => void;
  /** What is preselected, where the user's surroundings suggest something. */
  readonly suggested: Pick<FleetRequest, 'region' | 'vpc'>;
  /** Looks something up; while answers are repeated, what was seen the first time. */
  readonly read: <V>(what: string, look: () => Promise<V>) => Promise<V>;
  /** Regions that the user left for want of a VPC: none of them is preselected again. */
  readonly leftRegions: Set<string>;
  /** VPC ids with their Name tags, as far as they were read. */
  readonly vpcNames: Map<string, string>;
}

/** The request as far as it is known. */
export type Draft = FleetRequest;

export interface Topic {
  /** As the summary calls it, e.g. `instance type`. */
  readonly label: string;
  /** The fields of the request that it sets; it is asked if none of them is set. */
  readonly fills: readonly (keyof FleetRequest)[];
  /** The answer in a few words. */
  readonly show: (draft: Draft, inquiry: Inquiry) => string;
  /** The draft with the answer in it. @throws Problem `interrupted` when the user leaves. */
  readonly ask: (inquiry: Inquiry, draft: Draft) => Promise<Draft>;
}

/** A question that the flag of this name answers too. */
export function questionOf(message: string, flag: string): Question {
  return { message, flag, env: `KARMADA_EKS_${flag.slice(2).replaceAll('-', '_').toUpperCase()}` };
}
