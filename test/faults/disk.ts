/** Makes the cases of a disk that from some moment of a run on is full, or gives no answer any more. */
import { expect } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import type { RecordedCall } from '../../src/rehearsal/faults.js';
import { spread, upTo } from '../lifecycle/cases.js';
import type { Trial } from './tried.js';

/** What takes room, by the program and by the tools that it starts. */
const writing = ['file write *', 'file append *', 'file tool-write *', 'file lock *'];

/** A lock that cannot be kept because its disk is silent is lost, which may be told first; several files at once are one refusal. */
const noAnswer = /code: (?:file-timed-out|fleet-locked|plan-refused)/;

/** Full from each write of the run on, the first one included; silent from forty moments all over it. */
export function diskTrials(calls: readonly RecordedCall[]): readonly Trial[] {
  const writes = calls.filter(({ key }) => /^file (write|append|tool-write|lock) /.test(key)).length;
  const operations = calls.filter(({ key }) => key.startsWith('file ')).length;
  const full = upTo(writes).map((nth): Trial => {
    const fault = { call: writing, kind: 'fail', skip: nth - 1, times: -1 } as const;
    return { ...after([fault], /ENOSPC/), toString: () => `full from write ${nth} on` };
  });
  const silent = spread(40, operations).map((nth): Trial => {
    const fault = { call: 'file *', kind: 'hang', skip: nth - 1, times: -1 } as const;
    return { ...after([fault], noAnswer), toString: () => `silent from operation ${nth} on` };
  });
  return [...full, ...silent];
}

function after(faults: Trial['options']['faults'] & object, reason: RegExp): Omit<Trial, 'toString'> {
  return {
    options: { faults },
    mustPass: false,
    mustDie: false,
    mayBeOver: true,
    mayLeaveTokens: true,
    mayLeaveKeys: true,
    expectMore: ({ code, stderr }) => {
      if (code !== ExitCode.ok) expect(stderr).toMatch(reason);
    },
  };
}
