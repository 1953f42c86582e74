/** Decides once what the output may do: animate, colour and ask, which are three separate questions. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { Surroundings } from './surroundings.js';

export interface Output {
  /** A live line may be redrawn on stderr. */
  readonly mayAnimate: boolean;
  /** Results on stdout may be drawn over previous ones. */
  readonly mayRedraw: boolean;
  readonly mayAsk: boolean;
  /** Whether block characters can be shown. */
  readonly blocks: boolean;
  /** Colours for stdout and for stderr; without colour they return the text as it is. */
  readonly out: ChalkInstance;
  readonly err: ChalkInstance;
  /** Maximum line widths; unlimited without a terminal. */
  readonly outColumns: () => number;
  readonly errColumns: () => number;
  /** Height of the terminal; 24 if it does not report it. */
  readonly rows: () => number;
}

type Env = Surroundings['env'];

/**
 * Reads the surroundings. With `--json`, under CI or without a terminal nothing is animated and nothing is asked; on a
 * terminal that cannot move its cursor (`TERM=dumb`) the user can still be asked.
 */
export function decideOutput(surroundings: Surroundings, json: boolean): Output {
  const { stdinIsTty, stdoutIsTty, stderrIsTty, env } = surroundings;
  const attended = stderrIsTty && !json && !isSet(env['CI']);
  const columnsOf = (isTty: boolean) => () => (isTty ? (surroundings.columns() ?? 80) : Number.POSITIVE_INFINITY);
  return {
    mayAnimate: attended && env['TERM'] !== 'dumb',
    mayRedraw: stdoutIsTty && !json && !isSet(env['CI']) && env['TERM'] !== 'dumb',
    mayAsk: attended && stdinIsTty,
    blocks: env['TERM'] !== 'dumb' && isUnicode(env),
    out: new Chalk({ level: hasColour(stdoutIsTty, env) ? 1 : 0 }),
    err: new Chalk({ level: hasColour(stderrIsTty, env) ? 1 : 0 }),
    outColumns: columnsOf(stdoutIsTty),
    errColumns: columnsOf(stderrIsTty),
    rows: () => surroundings.rows() ?? 24,
  };
}

/** FORCE_COLOR goes before NO_COLOR, as in Node; an empty NO_COLOR counts as not set (no-color.org). */
function hasColour(isTty: boolean, env: Env): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The first locale variable that is set decides (POSIX); without one, nearly every terminal shows Unicode. */
function isUnicode(env: Env): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
