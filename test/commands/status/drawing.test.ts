/** The drawing itself, where runs do not lead: no members, wide characters, names of many lengths. */
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { renderTopology } from '../../../src/ui/drawings/topology.js';
import type { Topology } from '../../../src/ui/ui.js';

const part = { name: 'x', ready: true, facts: ['a', 'b'], why: [] };
const empty: Topology = { title: 'fleet', api: part, controlPlane: part, members: [], notes: [], warnings: [] };

function drawn(topology: Topology, columns = 80): string {
  return renderTopology(topology, { colour: new Chalk({ level: 0 }), columns });
}

it('reports that there are no members', () => {
  expect(drawn(empty)).toMatchInlineSnapshot(`
    "fleet

    ✔ x
    │   a · b
    ▼
    ✔ x
        a · b
      no members"
  `);
});

it('puts the facts of all members in one column', () => {
  const members = [
    { ...part, name: 'a-long-name', mode: 'push' },
    { ...part, name: '東京', mode: 'pull' },
  ] as const;
  const [first = '', second = ''] = drawn({ ...empty, members })
    .split('\n')
    .slice(-2);
  const before = (line: string): number => stringWidth(line.slice(0, line.indexOf('a · b')));
  expect(before(first)).toBe(before(second));
  expect(first.startsWith('├─push─▶ ✔ a-long-name')).toBe(true);
  expect(second.startsWith('└◀─pull─ ✔ 東京')).toBe(true);
});

it('fits reasons in wide characters, which have no spaces, into 40 columns', () => {
  const why = ['クラスターに到達できません。ネットワークとセキュリティグループを確認してください。'];
  const members = [{ ...part, name: 'one', ready: false, why, mode: 'push' }] as const;
  const text = drawn({ ...empty, members }, 40);
  expect(Math.max(...text.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(40);
  expect(text.replace(/\s/g, '')).toContain(why[0]);
});

it('lets nothing that a program said move the cursor', () => {
  const members = [{ ...part, ready: false, why: ['bad\u001B[2J\nnews'], mode: 'pull' }] as const;
  expect(drawn({ ...empty, members })).toContain('bad news');
});
