/** Tables at several widths. */
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { renderTable } from '../../src/ui/table.js';

const members = {
  name: 'members',
  columns: ['name', 'mode', 'message'],
  rows: [
    ['demo-member-1', 'push', 'cluster is healthy and ready to accept workloads'],
    ['集群-2', 'pull', 'not\nreachable'],
  ],
};

it('aligns columns by width, without borders and without spaces at the end', () => {
  expect(renderTable(members, Number.POSITIVE_INFINITY).split('\n')).toEqual([
    'NAME            MODE   MESSAGE',
    'demo-member-1   push   cluster is healthy and ready to accept workloads',
    '集群-2          pull   not reachable',
  ]);
});

it('wraps the last column', () => {
  expect(renderTable(members, 50).split('\n')).toEqual([
    'NAME            MODE   MESSAGE',
    'demo-member-1   push   cluster is healthy and',
    '                       ready to accept workloads',
    '集群-2          pull   not reachable',
  ]);
});

it('becomes blocks where columns do not fit', () => {
  const text = renderTable(members, 36);
  expect(text.split('\n\n')).toHaveLength(2);
  expect(text).toContain('NAME:    demo-member-1\nMODE:    push\nMESSAGE: cluster');
});

it.each([36, 40, 60, 80, 120])('stays within %d columns', (width) => {
  for (const line of renderTable(members, width).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
});

it('reports that there is nothing', () => {
  expect(renderTable({ ...members, rows: [] }, 80)).toBe('no members');
});
