/** The GitHub Action without GitHub: what it runs, and what people read on the pull request. */
import { describe, expect, it } from 'vitest';
import { readDoc } from '../docs/read-doc.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Ports {
  readonly env: Readonly<Record<string, string>>;
  readonly exec: (argv: readonly string[]) => Promise<{ readonly code: number; readonly text: string }>;
  readonly request: (method: string, path: string, body?: { readonly body: string }) => Promise<Answer>;
  readonly read: (path: string) => Promise<string>;
  readonly append: (path: string, text: string) => Promise<void>;
  readonly log: (line: string) => void;
  readonly newWord: () => string;
}

// GitHub runs the action as it is checked out, without a build: it is JavaScript without types.
const script = new URL('../../action/run.js', import.meta.url);
const { runAction } = (await import(script.href)) as { readonly runAction: (ports: Ports) => Promise<number> };

interface Scene {
  readonly env?: Readonly<Record<string, string>>;
  /** The exit code and the output of each program, in their order; `tools install` is the first. */
  readonly ends?: readonly (readonly [code: number, text: string])[];
  readonly event?: object;
  readonly comments?: readonly object[];
  /** What GitHub answers to a comment. */
  readonly status?: number;
}

const inputs = {
  INPUT_COMMAND: 'plan',
  INPUT_CONFIG: 'fleet.yaml',
  INPUT_VERSION: '1.2.3',
  INPUT_INSTALL_TOOLS: 'true',
  INPUT_COMMENT: 'true',
  GITHUB_REPOSITORY: 'you/fleet',
  GITHUB_SHA: 'abc1234',
  GITHUB_EVENT_PATH: 'event',
  GITHUB_STEP_SUMMARY: 'summary',
  GITHUB_OUTPUT: 'output',
};

const tools = [0, 'eksctl installed\n'] as const;

async function run({ env, ends = [tools, [9, 'the plan\n']], event, comments = [], status = 200 }: Scene = {}) {
  const [ran, requests, log]: [string[][], unknown[][], string[]] = [[], [], []];
  const files: Record<string, string> = {};
  const left = [...ends];
  const code = await runAction({
    env: { ...inputs, ...env },
    exec: async (argv) => {
      ran.push([...argv]);
      const [ended, text] = left.shift() ?? [0, ''];
      log.push(text);
      return await Promise.resolve({ code: ended, text });
    },
    request: async (method, path, body) => {
      requests.push([method, path, ...(body === undefined ? [] : [body.body])]);
      const page = Number(/&page=(\d+)/.exec(path)?.[1] ?? 1);
      return await Promise.resolve(
        method === 'GET' ? { status: 200, body: comments.slice((page - 1) * 100, page * 100) } : { status, body: {} },
      );
    },
    read: async () => await Promise.resolve(JSON.stringify(event ?? { pull_request: { number: 7 } })),
    append: async (path, text) => {
      files[path] = (files[path] ?? '') + text;
      return await Promise.resolve();
    },
    log: (line) => void log.push(line),
    newWord: () => 'word',
  });
  return { code, ran, requests, log, files };
}

const comments = '/repos/you/fleet/issues/7/comments';
const mark = '<!-- karmada-eks plan fleet.yaml -->';

describe('plan', () => {
  it('is a comment on the pull request, and succeeds though there are changes', async () => {
    const { code, ran, requests, files } = await run();
    expect(code).toBe(0);
    expect(ran).toEqual([
      ['npx', '--yes', 'karmada-eks@1.2.3', 'tools', 'install'],
      ['npx', '--yes', 'karmada-eks@1.2.3', 'plan', '--config=fleet.yaml', '--detailed-exitcode'],
    ]);
    expect(requests.map(([method, path]) => [method, path])).toEqual([
      ['GET', `${comments}?per_page=100&page=1`],
      ['POST', comments],
    ]);
    expect(requests[1]?.[2]).toMatchInlineSnapshot(`
      "<!-- karmada-eks plan fleet.yaml -->
      ### karmada-eks plan: fleet.yaml

      **There are changes.**

      \`\`\`text
      the plan
      \`\`\`

      For abc1234.
      "
    `);
    expect(files).toEqual({
      summary: String(requests[1]?.[2]).slice(mark.length + 1),
      output: 'exit-code=9\nchanges=true\n',
    });
  });

  it('is written over the comment of the plan before, wherever that is', async () => {
    const others = Array.from({ length: 100 }, (_, id) => ({ id, user: { type: 'User' }, body: 'fine' }));
    const forged = { id: 200, user: { type: 'User' }, body: mark };
    const otherFleet = { id: 201, user: { type: 'Bot' }, body: '<!-- karmada-eks plan other.yaml -->' };
    const own = { id: 202, user: { type: 'Bot' }, body: `${mark}\nolder` };
    const { requests } = await run({ comments: [...others, forged, otherFleet, own] });
    expect(requests.map(([method, path]) => [method, path])).toEqual([
      ['GET', `${comments}?per_page=100&page=1`],
      ['GET', `${comments}?per_page=100&page=2`],
      ['PATCH', '/repos/you/fleet/issues/comments/202'],
    ]);
  });

  it.each([
    [0, '**Nothing to do.**', 0, 'exit-code=0\nchanges=false\n'],
    [3, '**plan failed** with exit code 3.', 3, 'exit-code=3\nchanges=\n'],
  ])('ended with %d', async (ended, text, code, output) => {
    const done = await run({ ends: [tools, [ended, 'text']] });
    expect(done).toMatchObject({ code, files: { output } });
    expect(done.requests[1]?.[2]).toContain(text);
  });

  it.each([
    [
      'a fork, whose token may not write',
      { status: 403 },
      'GitHub answered 403; the job needs permissions: pull-requests: write',
    ],
    ['a push', { event: { ref: 'main' } }, 'the workflow does not run for one'],
    ['an issue that is no pull request', { event: { issue: { number: 7 } } }, 'the workflow does not run for one'],
  ])('is still in the summary for %s', async (_, scene, why) => {
    const { code, log, files } = await run(scene);
    expect(code).toBe(0);
    expect(log.at(-1)).toBe(`::warning::the plan is not on the pull request: ${why}`);
    expect(files['summary']).toContain('the plan\n');
  });

  it('is on the pull request too when a comment on it started the workflow', async () => {
    const { requests } = await run({ event: { issue: { number: 7, pull_request: {} } } });
    expect(requests.at(-1)?.slice(0, 2)).toEqual(['POST', comments]);
  });

  it('writes no comment where none is wanted', async () => {
    expect((await run({ env: { INPUT_COMMENT: 'false' } })).requests).toEqual([]);
  });

  it('keeps within what GitHub takes, and no text leaves its frame', async () => {
    const { requests } = await run({ ends: [tools, [9, `${'x'.repeat(70_000)}\n\`\`\`\n# not a heading\n`]] });
    const body = String(requests[1]?.[2]);
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('\n````text\n…\nxxx');
    expect(body).toContain('```\n# not a heading\n````\n');
  });
});

describe('up', () => {
  it('passes its arguments one on each line, agrees to the plan, and tells the summary', async () => {
    const args = '--concurrency=5\n\n  --rehearse \n--fleet=$(whoami)\n';
    const { code, ran, requests, files } = await run({
      env: { INPUT_COMMAND: 'up', INPUT_ARGS: args },
      ends: [tools, [0, 'up\n']],
    });
    expect(ran[1]?.slice(3)).toEqual([
      'up',
      '--config=fleet.yaml',
      '--yes',
      '--concurrency=5',
      '--rehearse',
      '--fleet=$(whoami)',
    ]);
    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    expect(files['summary']).toContain('### karmada-eks up: fleet.yaml\n\n**The fleet is up.**');
    expect(files['output']).toBe('exit-code=0\nchanges=\n');
  });

  it('fails as the program fails', async () => {
    const { code, files } = await run({ env: { INPUT_COMMAND: 'up' }, ends: [tools, [4, 'a step failed\n']] });
    expect(code).toBe(4);
    expect(files['summary']).toContain('**up failed** with exit code 4.');
  });
});

it('runs nothing but plan and up', async () => {
  const { code, ran, log } = await run({ env: { INPUT_COMMAND: 'down' } });
  expect({ code, ran, log }).toEqual({ code: 2, ran: [], log: ['::error::command: expected plan or up, got "down"'] });
});

it('stops when the tools cannot be installed, and leaves them out where they are there', async () => {
  expect(await run({ ends: [[4, '']] })).toMatchObject({ code: 4, files: {} });
  expect((await run({ env: { INPUT_INSTALL_TOOLS: 'false' }, ends: [[9, '']] })).ran).toHaveLength(1);
});

it('lets no output of a program command the runner', async () => {
  const { log } = await run({ ends: [tools, [9, '::error::forged\n']] });
  const at = log.indexOf('::error::forged\n');
  expect([log[at - 1], log[at + 1]]).toEqual(['::stop-commands::word', '::word::']);
});

it('action.yml hands every input to the script as a variable, and none into the command line', async () => {
  const text = await readDoc('action.yml');
  const names = [...text.slice(0, text.indexOf('outputs:')).matchAll(/^ {2}([a-z-]+):$/gm)].map(
    ([, name = '']) => name,
  );
  const declared = names.filter((name) => !['icon', 'color'].includes(name));
  expect(declared).toHaveLength(8);
  for (const name of declared) {
    if (name === 'working-directory') continue;
    expect(text).toContain(`INPUT_${name.replaceAll('-', '_').toUpperCase()}: \${{ inputs.${name} }}\n`);
  }
  expect(text.split('\n').filter((line) => line.trimStart().startsWith('run: '))).toEqual([
    '      run: node "$GITHUB_ACTION_PATH/action/main.js"',
  ]);
});
