/** The port to the user: what commands report, show and ask. Results on stdout, everything else on stderr. */

import type { Emit } from '../engine/events.js';
import type { Diagnostic, Problem } from '../errors/problem.js';

/** A cell that people read in another form than programs, e.g. `{ text: '0.10/h', value: 0.1 }`; without a value `--json` omits it. */
export interface Figure {
  readonly text: string;
  readonly value: number | undefined;
}

export type Cell = string | Figure;

/** A table as data: the terminal aligns it, `--json` gives each row as an object with the columns as keys. */
export interface Table {
  /** What the rows are, e.g. `members`; the `type` of the line in `--json`. */
  readonly name: string;
  /** e.g. `expected`, `usdPerHour`: the keys in `--json`, without blanks. */
  readonly columns: readonly string[];
  /** Headings for people, by column, where they differ from the column names. */
  readonly headings?: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly Cell[])[];
  /** Columns that people are not shown. */
  readonly hidden?: readonly string[];
  /** The rows for `--json` where people are shown fewer. */
  readonly whole?: readonly (readonly Cell[])[];
}

/** What is decided about at a glance: a title, and labelled lines. */
export interface Overview {
  readonly title: string;
  readonly parts: readonly { readonly label: string; readonly lines: readonly string[] }[];
  /** What it sums up; `--json` has these in its place. */
  readonly tables: readonly Table[];
}

/** A part of a fleet to be drawn; each text is one line. */
export interface TopologyPart {
  readonly name: string;
  readonly ready: boolean;
  /** e.g. `Ready`, `us-west-2`, `3/3 nodes`; in reading order. */
  readonly facts: readonly string[];
  readonly why: readonly string[];
}

/** A fleet to be drawn: its API, the control plane behind it, its members. */
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
  /** Whether it is on the critical path. */
  readonly longest: boolean;
  readonly failed?: boolean;
}

export interface Finding extends Diagnostic {
  /** The group it belongs to, e.g. `network`; findings of a group are shown together. */
  readonly group: string;
  /** It is counted, but has no line of its own. */
  readonly isDetail?: boolean;
}

/** How a question can be answered without a prompt; a Problem `missing-value` names it. */
export interface Question {
  /** Without the final question mark, which the terminal adds. */
  readonly message: string;
  /** e.g. `--vpc`. */
  readonly flag: string;
  /** e.g. `KARMADA_EKS_VPC`; without one the flag alone answers. */
  readonly env?: string;
  /** Whether Esc goes back to the question before: `WentBack` is thrown then. */
  readonly canGoBack?: boolean;
}

export interface InputQuestion extends Question {
  readonly default?: string;
  /** True, or a description of what is wrong with the text. */
  readonly validate?: (text: string) => true | string;
}

export interface Choice<V> {
  readonly name: string;
  readonly value: V;
  /** What remains on the screen once it is chosen; the name by default. */
  readonly short?: string;
  /** Shown while the choice is highlighted. */
  readonly description?: string;
  /** Why it cannot be chosen; it is shown anyway. */
  readonly disabled?: string;
}

/** A question for one of several values; at least one must be selectable. */
export interface SelectQuestion<V> extends Question {
  readonly choices: readonly Choice<V>[];
  readonly default?: V;
}

export interface ConfirmQuestion extends Question {
  /** What Enter means; no by default. */
  readonly default?: boolean;
}

/**
 * Questions. All raise Problem `missing-value` where nobody can be asked (see `output.ts`), and `interrupted` when the
 * user leaves with Ctrl-C or Ctrl-D, or the terminal is closed.
 */
export interface Ask {
  readonly possible: boolean;
  readonly input: (question: InputQuestion) => Promise<string>;
  readonly select: <V>(question: SelectQuestion<V>) => Promise<V>;
  readonly confirm: (question: ConfirmQuestion) => Promise<boolean>;
  /** Asks for a name to be typed, before what cannot be undone; false if something else was typed. */
  readonly typedName: (question: Question & { readonly name: string }) => Promise<boolean>;
}

/** A command to go on with. */
export interface NextStep {
  /** In a few words, without a colon. */
  readonly purpose: string;
  /** For a POSIX shell, as it is pasted. */
  readonly command: string;
}

/** Results, on stdout. With `--json` everything except tables is dropped, and `data` carries the same information. */
export interface Results {
  /** A result; with `--json` one line whose type is the table's name. */
  readonly showTable: (table: Table) => void;
  readonly showOverview: (overview: Overview) => void;
  readonly showTopology: (topology: Topology) => void;
  readonly showTimeline: (bars: readonly Bar[]) => void;
  readonly showFindings: (findings: readonly Finding[]) => void;
  /** One whole document, for programs. */
  readonly showDocument: (format: 'json' | 'yaml', value: unknown) => void;
  readonly print: (text: string) => void;
  /** Commands to go on with; in a rehearsal only those that it can carry out. */
  readonly showNext: (steps: readonly NextStep[]) => void;
}

/** Output that replaces the previous output, for commands that refresh. */
export interface Screen {
  /** Whether new output replaces the previous one; otherwise it is appended, and only changes are worth showing. */
  readonly redraws: boolean;
  /** Shows everything drawn in the callback at once; nothing with `--json`. */
  readonly show: (draw: (results: Results) => void) => void;
}

export interface Ui extends Results {
  /** The subscriber to a run's events. */
  readonly emit: Emit;
  /** An error with its reason and next steps; on stderr, with `--json` one line of type `problem` on stdout. */
  readonly showProblem: (problem: Problem) => void;
  readonly screen: Screen;
  /** A result as data: one line of this type on stdout with `--json`, else nothing. */
  readonly data: (type: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A note, on stderr in every mode. */
  readonly note: (text: string) => void;
  /** Where results are shown to more than the one who asked for them: a screen keeps them, a file lets others read them. */
  readonly resultsStay: 'on-screen' | 'readable-by-others' | undefined;
  /** Whether all results so far could be written; false for a full disk, and where nobody reads any more. */
  readonly delivered: () => Promise<boolean>;
  readonly ask: Ask;
  /** Stops all animation; safe to call twice. */
  readonly close: () => void;
}
