/** What errors of AWS mean, by their names. */
import { expect, it } from 'vitest';
import { answerOf, answerOrMissing, errorName } from '../../src/aws/call.js';
import { Problem } from '../../src/errors/problem.js';
import type { ProblemCode } from '../../src/errors/table.js';

/** An error as the SDK throws it: names are own properties, not classes. */
function awsError(name: string, message = 'so it is', more: object = {}): Error {
  return Object.assign(new Error(message), { name }, more);
}

const names: readonly (readonly [ProblemCode, readonly string[]])[] = [
  ['credentials-missing', ['CredentialsProviderError']],
  ['credentials-expired', ['RequestExpired', 'ExpiredToken', 'ExpiredTokenException']],
  [
    'credentials-invalid',
    [
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'AuthFailure',
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
    ],
  ],
  ['access-denied', ['UnauthorizedOperation', 'AccessDeniedException', 'AccessDenied']],
  [
    'throttled',
    [
      'RequestLimitExceeded',
      'ThrottlingException',
      'TooManyRequestsException',
      'Throttling',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'EC2ThrottledException',
      'SlowDown',
      'PriorRequestNotComplete',
    ],
  ],
  ['network-unreachable', ['TimeoutError']],
  ['aws-failed', ['InternalError', 'ResourceInUseException', 'Error', '']],
];

it.each(names.flatMap(([code, all]) => all.map((name) => [name, code] as const)))('%s means %s', async (name, code) => {
  const thrown = awsError(name);
  const problem = await answerOf('listing VPCs in eu-west-1', Promise.reject(thrown)).catch(
    (caught: unknown) => caught,
  );
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({
    code,
    message: 'listing VPCs in eu-west-1 failed',
    why: `${name}: so it is`,
    cause: thrown,
  });
  expect((problem as Problem).next).not.toEqual([]);
});

it.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH'])(
  '%s means that nobody answered',
  async (code) => {
    const thrown = awsError('Error', 'connect', { code });
    await expect(answerOf('asking', Promise.reject(thrown))).rejects.toMatchObject({ code: 'network-unreachable' });
  },
);

it('hands an answer, and a Problem, through', async () => {
  const problem = new Problem('rehearsal-unmodelled', { what: 'not this one' });
  expect(await answerOf('asking', Promise.resolve(7))).toBe(7);
  await expect(answerOf('asking', Promise.reject(problem))).rejects.toBe(problem);
  await expect(answerOrMissing('asking', () => false, Promise.reject(problem))).rejects.toBe(problem);
});

it('survives whatever is thrown', async () => {
  for (const thrown of ['a text', undefined, null, 7, { message: 3 }]) {
    await expect(answerOf('asking', Promise.reject(thrown))).rejects.toMatchObject({ code: 'aws-failed' });
  }
});

it('answers undefined for what is missing, judged by name and message, and nothing else', async () => {
  const missing = (name: string, message: string): boolean =>
    name === 'ValidationError' && message.includes('does not exist');
  const ask = (error: Error) => answerOrMissing('reading', missing, Promise.reject(error));
  expect(await ask(awsError('ValidationError', 'Stack x does not exist'))).toBeUndefined();
  await expect(ask(awsError('ValidationError', 'bad name'))).rejects.toMatchObject({ code: 'aws-failed' });
  await expect(ask(awsError('ExpiredToken'))).rejects.toMatchObject({ code: 'credentials-expired' });
  expect(await answerOrMissing('reading', missing, Promise.resolve('here'))).toBe('here');
});

it('knows the name of an error', () => {
  expect([errorName(awsError('Throttling')), errorName('x'), errorName(undefined)]).toEqual(['Throttling', '', '']);
});
