/** The product reads what the real tools answered in the lab, and the rehearsal answers in the same form. */
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/logs/redact.js';
import { readers, reading, shapeOf } from './readers.js';
import { type Answer, recordedAnswers as recorded, recordedAnswer } from './recorded-answers.js';
import { recordings, rehearsedAnswers } from './rehearsed-answers.js';

const rehearsed = await rehearsedAnswers();
const names = recordings.map(({ tool, name }) => `${tool}/${name}`).sort();

it('has an answer of the lab, one of the rehearsal, and a reader for every recording, and no others', () => {
  expect([...recorded.keys()].sort()).toEqual(names);
  expect([...rehearsed.keys()].sort()).toEqual(names);
  expect(Object.keys(readers).sort()).toEqual(names);
});

it.each(['eksctl', 'kubectl', 'kubectl-karmada'])(
  'reads of %s the version that its folder is named after',
  async (tool) => {
    const [reader, answer] = [readers[`${tool}/version`], recordedAnswer(`${tool}/version`)];
    expect(reader && (await reading(reader, answer)).value).toMatch(new RegExp(`^v?${answer.version}$`));
  },
);

describe.each(names)('%s', (name) => {
  const read = async (answers: ReadonlyMap<string, Answer>) => {
    const [reader, answer] = [readers[name], answers.get(name)];
    if (reader === undefined || answer === undefined) throw new Error(`${name} is not there`);
    const found = await reading(reader, answer);
    return { ...found, code: answer.code, shape: shapeOf(reader, found.value) };
  };

  it('is read: it tells of success or of what failed', async () => {
    const { problem, code } = await read(recorded);
    if (code === 0) expect(problem).toBeUndefined();
    else expect(problem).toMatchObject({ code: 'tool-failed', why: expect.any(String) });
  });

  it('has the same form in the rehearsal', async () => {
    const [lab, rehearsal] = [await read(recorded), await read(rehearsed)];
    expect(rehearsal.shape).toEqual(lab.shape);
    expect(saidIn(rehearsal.said)).toEqual(saidIn(lab.said));
    expect(whyIn(rehearsal.problem)).toEqual(whyIn(lab.problem));
  });

  it('holds no secret', () => {
    const { stdout = '', stderr = '' } = recorded.get(name) ?? {};
    const text = `${stdout}\n${stderr}`.replaceAll('abcdef.0123456789abcdef', '');
    expect(redact(text)).toBe(text);
  });
});

/** What was said, each kind of line once: names, numbers and how often something was waited for are not compared. */
function saidIn(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.map((line) => line.replaceAll(/"[^"]*"|\d+/g, '…')))].sort();
}

function whyIn(problem: unknown): unknown {
  return problem === undefined ? undefined : problem instanceof Error && 'why' in problem ? problem.why : problem;
}
