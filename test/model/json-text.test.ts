/** What is read of text that somebody else may have changed. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { jsonAs } from '../../src/model/json-text.js';

const schema = z.object({ at: z.string() });

it('is the value where the text has its form', () => {
  expect(jsonAs(schema, '{"at":"noon"}')).toEqual({ at: 'noon' });
});

it.each([undefined, '', '{', '{"at":1}', 'null'])('is undefined for %j', (text) => {
  expect(jsonAs(schema, text)).toBeUndefined();
});
