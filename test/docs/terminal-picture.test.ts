/** Pictures show what a terminal shows in the end: lines that were drawn again, colours, wide characters. */
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readDoc } from './read-doc.js';

interface Scene {
  readonly written: string;
  readonly columns: number;
  readonly last?: number;
  readonly title: string;
}

async function pictureOf(written: string, more: Partial<Scene> = {}): Promise<string> {
  // Scripts are JavaScript without types.
  const script = new URL('../../scripts/terminal-picture.js', import.meta.url);
  const { terminalPicture } = (await import(script.href)) as { terminalPicture: (scene: Scene) => Promise<string> };
  return await terminalPicture({ written, columns: 40, title: 'a run', ...more });
}

/** The texts of a picture, in their order. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
}

it('shows a line that was drawn again as it was in the end, and lines that the cursor went back to', async () => {
  const svg = await pictureOf('one\r\n⠋ working\rdone\u001b[K\r\ntwo\r\n\u001b[2A\u001b[2Kthree\r\n\r\n');
  expect(textsOf(svg)).toEqual(['one', 'three', 'two']);
});

it('keeps colour and weight', async () => {
  const svg = await pictureOf('\u001b[32m✔\u001b[39m \u001b[1mbold\u001b[22m \u001b[2mdim\u001b[22m plain');
  expect(svg).toMatch(/fill="#3fb950">✔<\/text>/);
  expect(svg).toMatch(/font-weight="bold">bold<\/text>/);
  expect(svg).toMatch(/opacity="0.65">dim<\/text>/);
  expect(svg).toMatch(/textLength="\d+\.\d">plain<\/text>/);
});

it('gives wide characters two cells, and writes no markup of the program’s', async () => {
  const svg = await pictureOf('集群 <b> & "x"');
  expect(textsOf(svg)).toEqual(['集群 &lt;b&gt; &amp; &quot;x&quot;']);
  expect(svg).toContain(`textLength="${(14 * 14 * 0.602).toFixed(1)}"`);
});

it('leaves lines out after the first, and reports it', async () => {
  const svg = await pictureOf(['$ run', '1', '2', '3', '4'].join('\r\n'), { last: 2 });
  expect(textsOf(svg)).toEqual(['$ run', '⋮', '3', '4']);
});

it('shows one screen after another, each for its time, and the last where nothing moves', async () => {
  const { terminalFilm } = (await import(new URL('../../scripts/terminal-picture.js', import.meta.url).href)) as {
    readonly terminalFilm: (film: object) => Promise<string>;
  };
  const screens = [
    { written: 'Region?', seconds: 1 },
    { written: 'Region? us-west-2\r\nVPC?', seconds: 3 },
  ];
  const svg = await terminalFilm({ screens, columns: 40, rows: 1, title: 'a guide' });
  expect(textsOf(svg)).toEqual(['Region?', 'VPC?']);
  const styles = [...svg.matchAll(/<style>(.*)<\/style>/g)].map(([, style]) => style);
  expect(styles).toEqual([
    '@keyframes s0{0%{visibility:hidden}0.00%{visibility:visible}25.00%{visibility:hidden}}#s0{visibility:hidden;animation:s0 4s step-end infinite}@media (prefers-reduced-motion:reduce){#s0{animation:none}}',
    '@keyframes s1{0%{visibility:hidden}25.00%{visibility:visible}100%{visibility:visible}}#s1{visibility:visible;animation:s1 4s step-end infinite}@media (prefers-reduced-motion:reduce){#s1{animation:none}}',
  ]);
});

it('every picture in docs/pictures is shown on a page', async () => {
  const folder = new URL('../../docs/', import.meta.url);
  const pages = [
    'README.md',
    ...(await readdir(folder)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  ];
  const text = (await Promise.all(pages.map((page) => readDoc(page)))).join('\n');
  for (const name of await readdir(new URL('pictures/', folder))) expect(text).toContain(`pictures/${name})`);
});
