/** Prompts that are skipped once the user has asked to stop between two of them. */
import { Problem } from '../../errors/problem.js';
import type { Ask } from '../../ui/ui.js';

/** Between questions, Ctrl-C is a signal and not a key: it takes effect at the next question. */
export function stoppableAsk(ask: Ask, stop: AbortSignal): Ask {
  const unlessStopped =
    <Q extends { readonly message: string }, A>(pose: (question: Q) => Promise<A>) =>
    async (question: Q): Promise<A> => {
      if (stop.aborted) throw new Problem('interrupted', { what: `cancelled before the prompt: ${question.message}` });
      return await pose(question);
    };
  return {
    possible: ask.possible,
    input: unlessStopped(ask.input),
    confirm: unlessStopped(ask.confirm),
    typedName: unlessStopped(ask.typedName),
    select: (question) =>
      unlessStopped<typeof question, (typeof question.choices)[number]['value']>(ask.select)(question),
  };
}
