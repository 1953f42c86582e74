/** The output of a rehearsal: karmada-eks commands become rehearsed ones, other commands are marked. */
import { Problem } from '../../errors/problem.js';
import type { Results, Ui } from '../ui.js';

/** The first line of every screen of a rehearsal. */
export const rehearsalNote = 'rehearsal: simulated account; nothing in AWS is read or changed';

/**
 * A ui that adds `--rehearse` to every `karmada-eks <command>` it shows: copied without it, a command meant for the
 * simulated account would act on the real one. kubectl and aws commands would address real clusters, so they are
 * marked. `shown` puts in place what else differs.
 */
export function rehearsedUi(ui: Ui, commands: readonly string[], shown = (text: string): string => text): Ui {
  const tell = teller(commands);
  const told = (text: string): string => shown(tell(text));
  const everywhere = <V>(value: V): V => mapped(value, told) as V;
  const results = (to: Results): Results => ({
    showTable: (table) => to.showTable(everywhere(table)),
    showOverview: (overview) => to.showOverview(everywhere(overview)),
    showTopology: (topology) => to.showTopology(everywhere(topology)),
    showTimeline: (bars) => to.showTimeline(bars),
    showFindings: (findings) => to.showFindings(everywhere(findings)),
    showDocument: (format, value) => to.showDocument(format, everywhere(withMark(value))),
    print: (text) => to.print(told(text)),
    showNext: (steps) => to.showNext(everywhere(steps.filter(({ command }) => command.startsWith('karmada-eks ')))),
  });
  return {
    ...ui,
    ...results(ui),
    screen: {
      ...ui.screen,
      show: (draw) =>
        ui.screen.show((to) => {
          // Drawn over everything before it, the first line too.
          if (ui.screen.redraws) to.print(rehearsalNote);
          draw(results(to));
        }),
    },
    emit: (event) => ui.emit(everywhere(event)),
    showProblem: (problem) => ui.showProblem(everywhere(problem)),
    data: (type, fields) => ui.data(type, everywhere(fields)),
    note: (text) => ui.note(told(text)),
  };
}

function teller(commands: readonly string[]): (text: string) => string {
  const ours = new RegExp(`\\bkarmada-eks (${commands.join('|')})\\b(?![^\\n]*--(?:rehearse|help)\\b)`, 'g');
  // Alone on an indented line, or after a few words on its purpose.
  const others = /(^ +|: )((?:kubectl|aws|eksctl) [^\n]+)$/gm;
  return (text) =>
    text
      .replace(ours, 'karmada-eks $1 --rehearse')
      .replace(others, '$1$2   (not in a rehearsal: it would address real clusters)');
}

/** A list has no room for it. */
function withMark(value: unknown): unknown {
  return isPlain(value) ? { rehearsal: true, ...value } : value;
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

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
