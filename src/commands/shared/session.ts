/** What a command receives: the world's clients, the user, and the two signals of Ctrl-C. */
import type { Clients } from '../../clients/clients.js';
import type { Emit } from '../../engine/events.js';
import type { CallContext } from '../../engine/step.js';
import type { CommonOptionName, Given, OptionName, OptionsOf } from '../../options/table.js';
import type { Ask, Ui } from '../../ui/ui.js';
import type { UnaskedOptions } from '../questions/ask-code.js';

export interface Session {
  /** Of karmada-eks. */
  readonly version: string;
  /** Source of the program of scheduled backups. */
  readonly backupProgram: () => Promise<string>;
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

/** Which world a session is in, and how it is shown. */
export type SessionOptions = OptionsOf<CommonOptionName | 'concurrency' | 'fleet' | 'profile'> & UnaskedOptions;

/** Opens a session; main decides in which world. `readsOnly`: nothing is changed in it. */
export type WithSession = (
  options: SessionOptions,
  use: (session: Session) => Promise<number>,
  purpose: { readonly readsOnly: boolean },
) => Promise<number>;

/** A command that has these options: carries out what was typed; answers the exit code. */
export type Handler<Name extends OptionName> = (session: Session, options: OptionsOf<Name> & Given) => Promise<number>;

/** For checks outside a run. */
export function callOf({ kill, ui }: Session): CallContext {
  return { signal: kill, say: ui.note };
}

/** A session of these parts. What was read before a prompt is read again after it: somebody may take long to answer. */
export function makeSession(parts: Session): Session {
  const { clients, ui } = parts;
  return { ...parts, ui: { ...ui, ask: followedBy(ui.ask, clients.forgetReads) } };
}

function followedBy({ possible, input, select, confirm, typedName }: Ask, then: () => void): Ask {
  return {
    possible,
    input: (question) => input(question).finally(then),
    select: (question) => select(question).finally(then),
    confirm: (question) => confirm(question).finally(then),
    typedName: (question) => typedName(question).finally(then),
  };
}
