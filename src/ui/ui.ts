/** The port to the user: what the commands may say, show and ask. Results go to stdout, all else to stderr. */

import type { Emit } from '../engine/events.js';
import type { Problem } from '../errors/problem.js';

/** A table as data: the terminal aligns it, `--json` gives each row as an object with the columns as keys. */
export interface Table {
  /** What the rows are, e.g. `members`; the `type` of the line in `--json`. */
  readonly name: string;
  /** Column names in lower case, e.g. `expected`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of a fleet as it is drawn; texts are one line each. */
export interface TopologyPart {
  readonly name: string;
  readonly ready: boolean;
  /** e.g. `Ready`, `us-west-2`, `3/3 nodes`; in the order in which they are read. */
  readonly facts: readonly string[];
  /** Why it is not ready. */
  readonly why: readonly string[];
}

/** A fleet as it is drawn: its API, the control plane behind it, its members. */
export interface Topology {
  readonly title: string;
  readonly api: TopologyPart;
  readonly controlPlane: TopologyPart;
  readonly members: readonly (TopologyPart & { readonly mode: 'push' | 'pull' })[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** One step in a timeline. Times count from the start of the run, in ms. */
export interface Bar {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it is in the longest chain. */
  readonly longest: boolean;
  readonly failed?: boolean;
}

/** Something that was looked into. */
export interface Finding {
  /** What it belongs to, e.g. `network`; findings of a group stand together. */
  readonly group: string;
  readonly severity: 'ok' | 'warning' | 'error' | 'unknown';
  readonly what: string;
  /** The fact behind it. */
  readonly why?: string;
  /** What to do, in order. */
  readonly fix: readonly string[];
}

/** How a question can be answered without asking; a Problem `missing-value` says so. */
export interface Question {
  /** Ends without a question mark or colon, which the terminal adds as it sees fit. */
  readonly message: string;
  /** e.g. `--vpc`. */
  readonly flag: string;
  /** e.g. `KARMADA_EKS_VPC`; without one the flag alone answers. */
  readonly env?: string;
}

/** A question for a text. */
export interface InputQuestion extends Question {
  readonly default?: string;
  /** True, or what is wrong with the text. */
  readonly validate?: (text: string) => true | string;
}

/** One of several values. */
export interface Choice<V> {
  readonly name: string;
  readonly value: V;
  /** What is left of it on the screen once it is chosen; the name when not given. */
  readonly short?: string;
  /** Shown while the choice is pointed at. */
  readonly description?: string;
  /** Why it cannot be chosen; it is shown all the same. */
  readonly disabled?: string;
}

/** A question for one of several values; at least one must be there to choose. */
export interface SelectQuestion<V> extends Question {
  readonly choices: readonly Choice<V>[];
  readonly default?: V;
}

/** A question for yes or no. */
export interface ConfirmQuestion extends Question {
  /** What Enter means; no when not given. */
  readonly default?: boolean;
}

/**
 * Questions. All raise Problem `missing-value` where nobody can be asked (see `output.ts`), and `interrupted` when the
 * user leaves with Ctrl-C or Ctrl-D, or the terminal is closed.
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

/** Results, on stdout. With `--json` all but tables are dropped, and `data` says the same. */
export interface Results {
  /** A result; with `--json` one line of the table's name. */
  readonly showTable: (table: Table) => void;
  readonly showTopology: (topology: Topology) => void;
  /** Steps over time. */
  readonly showTimeline: (bars: readonly Bar[]) => void;
  readonly showFindings: (findings: readonly Finding[]) => void;
  /** One whole document, for programs. */
  readonly showDocument: (format: 'json' | 'yaml', value: unknown) => void;
  readonly print: (text: string) => void;
}

/** What stands in place of what stood there before, for commands that look again and again. */
export interface Screen {
  /** Whether what is shown replaces what was; else it is added below, and only what changed is worth showing. */
  readonly redraws: boolean;
  /** Shows what is drawn inside as one whole; nothing with `--json`. */
  readonly show: (draw: (results: Results) => void) => void;
}

/** What the user sees. */
export interface Ui extends Results {
  /** The subscriber to a run's events. */
  readonly emit: Emit;
  /** An error with its reason and next steps; on stderr, with `--json` one line of type `problem` on stdout. */
  readonly showProblem: (problem: Problem) => void;
  readonly screen: Screen;
  /** A result as data: one line of this type on stdout with `--json`, else nothing. */
  readonly data: (type: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A remark, on stderr in every mode. */
  readonly note: (text: string) => void;
  readonly ask: Ask;
  /** Stops whatever moves; safe to call twice. */
  readonly close: () => void;
}
