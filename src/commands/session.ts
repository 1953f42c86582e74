/** What a command receives: the world's clients, the user, and the two signals of Ctrl-C. */
import type { Clients } from '../clients/clients.js';
import type { Emit } from '../engine/events.js';
import type { CallContext } from '../engine/step.js';
import type { Parsed } from '../options/run-options.js';
import type { Ui } from '../ui/ui.js';

export interface Session {
  /** Of karmada-eks. */
  readonly version: string;
  readonly clients: Clients;
  readonly ui: Ui;
  /** First Ctrl-C: start nothing new. */
  readonly drain: AbortSignal;
  /** Second Ctrl-C: end what runs. */
  readonly kill: AbortSignal;
  /** From here on Ctrl-C needs no words: nothing is under way that could be gone on with. */
  readonly stopQuietly: () => void;
  /** What else listens to a run: main writes command logs and keeps the rehearsal. */
  readonly listen: Emit;
  /** From here on commands are logged into this folder, one file each. */
  readonly logInto: (folder: string) => void;
}

/** Opens a session; main decides in which world. `looksOnly`: nothing is changed in it. */
export type WithSession = (
  parsed: Parsed,
  use: (session: Session) => Promise<number>,
  purpose: { readonly readsOnly: boolean },
) => Promise<number>;

/** A verb: what was typed, carried out; answers the exit code. */
export type Handler = (session: Session, parsed: Parsed) => Promise<number>;

/** For checks outside a run. */
export function callOf({ kill, ui }: Session): CallContext {
  return { signal: kill, say: ui.note };
}
