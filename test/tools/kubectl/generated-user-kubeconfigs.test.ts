/** Kubeconfigs from a generator, in every form that people and programs give them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { runs } from '../../property/runs.js';
import { add, comments, meaning, remove, substance } from './user-kubeconfigs.js';

const names = fc.constantFrom('home', 'work', 'karmada-apiserver', 'demo-parent', '"a b"', "'it''s'", '1', 'true');
const comment = fc.constantFrom('', '', ' # mine', '  # a: [b', ' #');
const between = fc.constantFrom('', '', '', '# in between\n', '\n', '  # further in\n', '# x\n\n');

/** One value of an entry, as lines below or beside its key. */
const body = fc.constantFrom(
  ' {}',
  ' { server: "https://192.0.2.1", extensions: [{name: x}] } # flow',
  '\n    server: https://192.0.2.1 # here\n    # below\n    extensions:\n    - name: other\n      extension: {fleet: another.eu-west-1}',
  '\n    token: |\n      two\n\n      lines',
  '\n    token: |+\n      kept\n\n',
  '\n    token: >-\n      folded\n      words',
  '\n    token: plain\n      on two lines',
  '',
);

/** The entries of a list in block style, with the spaces before their dashes. */
const items = fc
  .tuple(
    fc.constantFrom('', '  ', '    '),
    fc.array(fc.tuple(names, body, comment, between), { minLength: 1, maxLength: 4 }),
  )
  .map(([indent, entries]) =>
    entries
      .map(([name, value, end, after], index) => {
        const lines = index % 2 === 0 ? `- name: ${name}${end}\n  it:${value}` : `- it:${value}\n  name: ${name}${end}`;
        return `${lines.replaceAll(/^(?=.)/gm, indent)}\n${after}`;
      })
      .join(''),
  );

const list = fc.oneof(
  items.map((lines) => `\n${lines}`),
  fc.constantFrom('\n', ' null\n', ' ~\n', ' []\n', ' [] # none\n', ' # none\n', ' [ ]\n', '\n  []\n', ' [\n  ]\n'),
  fc.constantFrom(
    ' [{name: home, it: {a: b}}]\n',
    ' [ {name: home}, # first\n  {name: work} ]\n',
    ' [{name: home},]\n',
  ),
);

const other = fc.constantFrom(
  'apiVersion: v1\n',
  'kind: Config # the kind\n',
  '"preferences": {}\n',
  'current-context: home\n',
  'current-context: # nothing\n',
  'extensions:\n- name: mine\n  extension: here\n',
);

const key = fc
  .constantFrom('clusters', 'contexts', 'users')
  .chain((section) =>
    fc.tuple(fc.constantFrom(section, `"${section}"`), list).map(([written, value]) => `${written}:${value}`),
  );

/** A kubeconfig in block style. */
const block = fc
  .tuple(
    fc.constantFrom('', '', '---\n', '# at the top\n', '\n\n'),
    fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: key }, other), {
      maxLength: 7,
      selector: (part) => part.split(':')[0]?.replaceAll('"', ''),
    }),
    fc.array(between, { minLength: 7, maxLength: 7 }),
    fc.constantFrom('', '', '# the end\n', '\n\n'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([top, parts, gaps, end, windows, ended]) => {
    const text = top + parts.map((part, index) => part + gaps[index]).join('') + end;
    const whole = ended ? text : text.replace(/\n$/, '');
    return windows ? whole.replaceAll('\n', '\r\n') : whole;
  })
  .filter(isReadable);

const entries = fc.option(
  fc.array(
    fc.record({ name: fc.string({ maxLength: 6 }), it: fc.dictionary(fc.string({ maxLength: 3 }), fc.string()) }),
    {
      maxLength: 3,
    },
  ),
);

/** A kubeconfig as JSON. */
const json = fc
  .tuple(
    fc.record(
      {
        apiVersion: fc.constant('v1'),
        clusters: entries,
        contexts: entries,
        kind: fc.constant('Config'),
        users: entries,
      },
      { requiredKeys: ['apiVersion'] },
    ),
    fc.constantFrom('', ' ', '  ', '    '),
    fc.constantFrom('', '\n'),
  )
  .map(([value, space, end]) => JSON.stringify(value, undefined, space) + end);

const kubeconfig = fc.oneof(block, json);

function isReadable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

type Lists = Readonly<Partial<Record<'clusters' | 'contexts' | 'users', readonly unknown[]>>>;

it('removes what it put in, and keeps meaning and comments of all else', () => {
  fc.assert(
    fc.property(kubeconfig, fc.constantFrom(undefined, 'demo-parent'), (text, current) => {
      expect(substance(remove(add(text, current).text))).toEqual(substance(text));
    }),
    runs(300),
  );
});

it('changes nothing the second time', () => {
  fc.assert(
    fc.property(kubeconfig, fc.constantFrom(undefined, 'demo-parent'), (text, current) => {
      const once = add(text, current).text;
      expect(add(once, current).text).toBe(once);
    }),
    runs(300),
  );
});

it('never touches the entries, comments and order of others', () => {
  fc.assert(
    fc.property(kubeconfig, (text) => {
      const merged = add(text).text;
      const before = meaning(text) as Lists;
      const after = meaning(merged) as Lists;
      for (const section of ['clusters', 'contexts', 'users'] as const) {
        const count = before[section]?.length ?? 0;
        expect(after[section]?.slice(0, count)).toEqual(before[section] ?? []);
      }
      expect(comments(merged)).toEqual(comments(text));
    }),
    runs(300),
  );
});

it('keeps JSON as JSON', () => {
  fc.assert(
    fc.property(json, (text) => {
      const { text: merged } = add(text, 'demo-parent');
      expect(() => JSON.parse(merged)).not.toThrow();
      expect(() => JSON.parse(remove(merged))).not.toThrow();
    }),
    runs(300),
  );
});

it('brings back meaning and comments when several fleets come and go in any order', () => {
  const ids = ['demo.eu-west-1', 'demo.us-east-1', 'other.eu-west-1'];
  const order = fc.shuffledSubarray(ids, { minLength: 3 });
  fc.assert(
    fc.property(kubeconfig, order, order, (text, coming, going) => {
      const all = coming.reduce((there, id) => add(there, undefined, id).text, text);
      expect(substance(going.reduce((there, id) => remove(there, id), all))).toEqual(substance(text));
    }),
    runs(80),
  );
});
