/** A ui whose every text is changed on the way out. */
import { Problem } from '../../errors/problem.js';
import type { Results, Ui } from '../ui.js';

/** What is changed. */
export interface Rewording {
  readonly told: (text: string) => string;
  /** Commands to go on with that are shown at all. */
  readonly keeps?: (command: string) => boolean;
  /** A document as programs get it. */
  readonly marked?: (value: unknown) => unknown;
  /** The first line of every screen that is drawn over the one before. */
  readonly heading?: string;
}

/** `ui`, with its texts as `told` has them. */
export function rewordedUi(ui: Ui, { told, keeps = () => true, marked = (value) => value, heading }: Rewording): Ui {
  const everywhere = <V>(value: V): V => mapped(value, told) as V;
  const results = (to: Results): Results => ({
    showTable: (table) => to.showTable(everywhere(table)),
    showOverview: (overview) => to.showOverview(everywhere(overview)),
    showTopology: (topology) => to.showTopology(everywhere(topology)),
    showTimeline: (bars) => to.showTimeline(bars),
    showFindings: (findings) => to.showFindings(everywhere(findings)),
    showDocument: (format, value) => to.showDocument(format, everywhere(marked(value))),
    print: (text) => to.print(told(text)),
    showNext: (steps) => to.showNext(everywhere(steps.filter(({ command }) => keeps(command)))),
  });
  return {
    ...ui,
    ...results(ui),
    screen: {
      ...ui.screen,
      show: (draw) =>
        ui.screen.show((to) => {
          if (heading !== undefined && ui.screen.redraws) to.print(heading);
          draw(results(to));
        }),
    },
    emit: (event) => ui.emit(everywhere(event)),
    showProblem: (problem) => ui.showProblem(everywhere(problem)),
    data: (type, fields) => ui.data(type, everywhere(fields)),
    note: (text) => ui.note(told(text)),
  };
}

function mapped(value: unknown, told: (text: string) => string): unknown {
  if (typeof value === 'string') return told(value);
  if (Array.isArray(value)) return value.map((each: unknown) => mapped(each, told));
  if (value instanceof Problem) return rewordProblem(value, told);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, told)]));
}

function rewordProblem(problem: Problem, told: (text: string) => string): Problem {
  const { code, message, why, next, parts, cause, stack } = problem;
  const same = new Problem(code, {
    what: told(message),
    ...(why === undefined ? {} : { why: told(why) }),
    next: next.map(told),
    parts: parts.map((part) => rewordProblem(part, told)),
    cause,
  });
  return Object.assign(same, { stack });
}

/** An object that is data alone. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
