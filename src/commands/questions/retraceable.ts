/** Questions of which each can be taken back: Esc leads to the one before, with what was answered there. */
import { WentBack } from '../../errors/went-back.js';
import type { Ask, Question } from '../../ui/ui.js';
import type { Inquiry } from './topic.js';

/**
 * Has a conversation. When the user goes back, it begins anew: what was answered before the question that is posed again is
 * answered as it was, without being asked, noted or read again.
 */
export async function retraceable<T>(inquiry: Inquiry, converse: (inquiry: Inquiry) => Promise<T>): Promise<T> {
  const answers: unknown[] = [];
  const read = new Map<string, unknown>();
  let takenBack: { readonly default: unknown } | undefined;
  for (;;) {
    let given = 0;
    const isRepeating = (): boolean => given < answers.length;
    const retraced =
      <Q extends Question, A>(pose: (question: Q) => Promise<A>) =>
      async (question: Q): Promise<A> => {
        given += 1;
        if (given <= answers.length) return answers[given - 1] as A;
        const preset = takenBack;
        takenBack = undefined;
        const answer = await pose({ ...question, ...preset, canGoBack: answers.length > 0 });
        answers.push(answer);
        return answer;
      };
    const attempt: Inquiry = {
      ...inquiry,
      ask: retracedAsk(inquiry.ask, retraced),
      note: (text) => (isRepeating() ? undefined : inquiry.note(text)),
      read: async <V>(what: string, look: () => Promise<V>): Promise<V> => {
        if (isRepeating() && read.has(what)) return read.get(what) as V;
        const seen = await look();
        read.set(what, seen);
        return seen;
      },
    };
    try {
      return await converse(attempt);
    } catch (thrown) {
      if (!(thrown instanceof WentBack)) throw thrown;
      takenBack = { default: answers.pop() };
    }
  }
}

type Retraced = <Q extends Question, A>(pose: (question: Q) => Promise<A>) => (question: Q) => Promise<A>;

function retracedAsk({ possible, input, select, confirm, typedName }: Ask, retraced: Retraced): Ask {
  return {
    possible,
    input: retraced(input),
    select: (question) => retraced<typeof question, (typeof question.choices)[number]['value']>(select)(question),
    confirm: retraced(confirm),
    typedName: retraced(typedName),
  };
}
