/** What the pages say of flags, and where they lead to, is there. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readDoc } from './read-doc.js';

const root = new URL('../../', import.meta.url);

it('every link between the pages leads somewhere', async () => {
  const docs = (await readdir(new URL('docs', root))).filter((name) => name.endsWith('.md'));
  const pages = ['README.md', ...docs.map((name) => `docs/${name}`)];
  const dead: string[] = [];
  for (const page of pages) {
    const text = await readDoc(page);
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      if (!(await leadsSomewhere(page, target))) dead.push(`${page}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

async function leadsSomewhere(page: string, target: string): Promise<boolean> {
  const url = new URL(target, new URL(page, root));
  const anchor = url.hash.slice(1);
  url.hash = '';
  if (!existsSync(url)) return false;
  return anchor === '' || anchors(await readDoc(url.href.slice(root.href.length))).includes(anchor);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each(['docs/development.md', 'docs/architecture.md'])('%s names files and folders that exist', async (page) => {
  const paths = [...(await readDoc(page)).matchAll(/`([a-z-]+(?:\/[a-z.-]+)+(?:\.ts|\.js|\/)?)`/g)].map(
    ([, path = '']) => path,
  );
  const missing = paths
    .filter((path) => /\.(?:ts|js)$/.test(path) || /^(?:src|test)\//.test(path))
    .filter((path) => !existsSync(new URL(path, root)) && !existsSync(new URL(`src/${path}`, root)));
  expect(paths.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});
