/** The port to the user: what the commands may say, show and ask. Results go to stdout, all else to stderr. */
import type { Problem } from '../errors/problem.js';
import type { Emit } from '../pipeline/events.js';

/** A table as data: the terminal aligns it, `--json` gives each row as an object with the columns as keys. */
export interface Table {
  /** What the rows are, e.g. `members`; the `type` of the line in `--json`. */
  readonly name: string;
  /** Column names in lower case, e.g. `expected`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a question can be answered without asking; a Problem `missing-value` names both. */
export interface Question {
  /** Ends without a question mark or colon, which the terminal adds as it sees fit. */
  readonly message: string;
  /** e.g. `--vpc`. */
  readonly flag: string;
  /** e.g. `KARMADA_EKS_VPC`. */
  readonly env: string;
}

/** A question for a text. */
export interface InputQuestion extends Question {
  readonly default?: string;
  /** True, or what is wrong with the text. */
  readonly validate?: (text: string) => true | string;
}

/** A question for one of several values. */
export interface SelectQuestion<V> extends Question {
  readonly choices: readonly { readonly name: string; readonly value: V; readonly description?: string }[];
  readonly default?: V;
}

/** A question for yes or no. */
export interface ConfirmQuestion extends Question {
  /** What Enter means; no when not given. */
  readonly default?: boolean;
}

/**
 * Questions. All raise Problem `missing-value` where nobody can be asked (see `output.ts`), and `interrupted` when the
 * user leaves with Ctrl-C.
 */
export interface Ask {
  /** Whether there is somebody to ask. */
  readonly possible: boolean;
  readonly input: (question: InputQuestion) => Promise<string>;
  readonly select: <V>(question: SelectQuestion<V>) => Promise<V>;
  readonly confirm: (question: ConfirmQuestion) => Promise<boolean>;
  /** Has a name typed, for what cannot be taken back; false when something else was typed. */
  readonly typedName: (question: Question & { readonly name: string }) => Promise<boolean>;
}

/** What the user sees. */
export interface Ui {
  /** The subscriber to a run's events. */
  readonly emit: Emit;
  /** An error with its reason and next steps; on stderr, with `--json` one line of type `problem` on stdout. */
  readonly showProblem: (problem: Problem) => void;
  /** A result; on stdout, with `--json` one line of the table's name. */
  readonly showTable: (table: Table) => void;
  /** A result as text, on stdout; dropped with `--json`, where `data` says the same. */
  readonly print: (text: string) => void;
  /** A result as data: one line of this type on stdout with `--json`, else nothing. */
  readonly data: (type: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A remark, on stderr in every mode. */
  readonly note: (text: string) => void;
  readonly ask: Ask;
  /** Stops whatever moves; safe to call twice. */
  readonly close: () => void;
}
