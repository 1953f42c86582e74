/** Builds what the topics need for their questions from a session. */
import type { Session } from '../shared/session.js';
import { stoppableAsk } from './stoppable-ask.js';
import type { Inquiry } from './topic.js';

export function makeInquiry({ ui, clients, drain }: Session, suggested: Inquiry['suggested']): Inquiry {
  return {
    ask: stoppableAsk(ui.ask, drain),
    clients,
    note: ui.note,
    suggested,
    read: (_, look) => look(),
    leftRegions: new Set(),
    vpcNames: new Map(),
  };
}
