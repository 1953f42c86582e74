/** No secret survives what is written, however it is wrapped and cut into lines; what is no secret does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/logs/redact.js';
import { makeWriteQueue } from '../../src/logs/write-queue.js';
import type { Files } from '../../src/world/files.js';
import { runs } from './runs.js';
import { base64, foreign, keys, type Planted, pems, plain, small } from './secrets.js';

/** What a file holds after these pieces were written to it, each one as it came. */
async function written(
  pieces: readonly (readonly [path: string, text: string])[],
): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  const files: Pick<Files, 'append'> = {
    append: (path, text) => Promise.resolve(void contents.set(path, (contents.get(path) ?? '') + text)),
  };
  const queue = makeWriteQueue(files as Files);
  for (const [path, text] of pieces) queue.line(path, text);
  await queue.written();
  return contents;
}

/** The lines in groups as large as said, the last size for all that are left. */
function grouped(lines: readonly string[], sizes: readonly number[]): readonly string[] {
  const groups: string[] = [];
  for (let at = 0, n = 0; at < lines.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    groups.push(lines.slice(at, at + size).join('\n'));
    at += size;
  }
  return groups;
}

const sizes = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }),
  fc.constant([100_000]),
);

/** The lines of both, each in their order; `turns` says whose is next. */
function mixed(some: readonly string[], others: readonly string[], turns: readonly boolean[]): readonly string[] {
  const [mine, theirs] = [[...some], [...others]];
  const all: (string | undefined)[] = [];
  for (let n = 0; mine.length + theirs.length > 0; n += 1) {
    const [first, second] = turns[n % (turns.length || 1)] === false ? [theirs, mine] : [mine, theirs];
    all.push((first.length > 0 ? first : second).shift());
  }
  return all.flatMap((line) => line ?? []);
}

function expectHidden(text: string, planted: readonly Planted[]): void {
  for (const { secrets } of planted) for (const secret of secrets) expect(text).not.toContain(secret);
}

describe('what is written line by line', () => {
  it('holds no secret, and all the lines between them', async () => {
    const parts = fc.array(fc.tuple(fc.oneof(keys, small, foreign), fc.array(plain, { maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    });
    const property = fc.asyncProperty(fc.array(plain, { maxLength: 3 }), parts, sizes, async (before, all, cuts) => {
      const between = [...before, ...all.flatMap(([, lines]) => lines)];
      const lines = [...before, ...all.flatMap(([{ text }, after]) => [...text.split('\n'), ...after])];
      const text = (await written(grouped(lines, cuts).map((piece) => ['/log', piece]))).get('/log') ?? '';
      const planted = all.map(([secret]) => secret);
      expectHidden(text, planted);
      const found = text.split('\n');
      for (const line of between) {
        const at = found.indexOf(line);
        expect([line, at]).not.toEqual([line, -1]);
        found.splice(0, at + 1);
      }
    });
    await fc.assert(property, runs(150));
  });

  it('holds no key whose lines stand among those of another stream or another file', async () => {
    const others = fc.array(plain, { minLength: 1, maxLength: 20 });
    const property = fc.asyncProperty(pems, pems, others, fc.array(fc.boolean()), async (key, far, lines, turns) => {
      const pieces = mixed(key.text.split('\n'), lines, turns).map((line): [string, string] => ['/log', line]);
      const elsewhere = far.text.split('\n').map((line): [string, string] => ['/other', line]);
      const both = pieces.flatMap((piece, n) => [piece, ...elsewhere.slice(n, n + 1)]);
      const contents = await written([...both, ...elsewhere.slice(pieces.length)]);
      expectHidden(contents.get('/log') ?? '', [key]);
      expectHidden(contents.get('/other') ?? '', [far]);
      const kept = (contents.get('/log') ?? '').split('\n');
      for (const line of lines) expect(kept).toContain(line);
    });
    await fc.assert(property, runs(80));
  });
});

describe('a whole text', () => {
  it('holds no secret that is in it, and cleaning it again changes nothing', () => {
    const property = fc.property(fc.array(fc.oneof(keys, small, foreign), { maxLength: 4 }), plain, (planted, line) => {
      const clean = redact([line, ...planted.map(({ text }) => text), line].join('\n'));
      expectHidden(clean, planted);
      expect(redact(clean)).toBe(clean);
      expect(clean.startsWith(line)).toBe(true);
      expect(clean.endsWith(line)).toBe(true);
    });
    fc.assert(property, runs(120));
  });

  it('holds nothing of a key that was cut off, wherever that was', () => {
    const property = fc.property(pems, fc.nat(), ({ text, secrets }, at) => {
      for (const form of [text, JSON.stringify(text), text.replaceAll('\n', ' ')]) {
        const clean = redact(form.slice(0, at % form.length));
        for (const secret of secrets) expect(clean).not.toContain(secret.slice(0, 16));
      }
    });
    fc.assert(property, runs(80));
  });

  it('is left as it is when there is no secret in it', () => {
    const certificates = pems.map(({ text }) => text.replaceAll(/[A-Z]* ?PRIVATE KEY/g, 'CERTIFICATE'));
    const clean = fc.oneof(
      plain,
      certificates,
      certificates.map((text) => `certificate-authority-data: ${base64(text)}`),
    );
    fc.assert(
      fc.property(fc.array(clean, { maxLength: 8 }), (lines) => {
        expect(redact(lines.join('\n'))).toBe(lines.join('\n'));
      }),
      runs(100),
    );
  });

  it('stays JSON', () => {
    const property = fc.property(fc.array(fc.oneof(keys, small, foreign)), fc.string(), (planted, name) => {
      const line = JSON.stringify({ [`-${name}`]: planted.map(({ text }) => text) });
      expect(() => JSON.parse(redact(line))).not.toThrow();
    });
    fc.assert(property, runs(80));
  });

  it('is searched in a time that grows with its length, whatever is in it', () => {
    const parts = ['-', '--', '://', 'a://', '@', 'password', 'password:', 'authorization: basic ', 'auth:', 'auth":"'];
    const more = ['--client-secret ', ' ', '\\', '"', 'a', 'A', 'ghp_', 'eyJ', '.', 'token', '\n', '=', '--a-'];
    const texts = [...parts, ...more].flatMap((part) => [part, `${part}x`, `x${part}`, `${part}\\`]);
    for (const text of texts) {
      const began = performance.now();
      redact(text.repeat(Math.ceil(100_000 / text.length)));
      expect(performance.now() - began, JSON.stringify(text)).toBeLessThan(5_000);
    }
  });
});
