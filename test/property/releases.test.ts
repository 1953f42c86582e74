/** What publishers and our own notes say of releases is understood whole, or not at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultToolVersions, installableTools, platformOf, releaseOf } from '../../src/tools/install/catalogue.js';
import { expectedSum, publishedSum } from '../../src/tools/install/checksum.js';
import { readReceipt } from '../../src/tools/install/receipt.js';
import type { Files } from '../../src/world/files.js';
import { runs } from './runs.js';
import { anyText } from './texts.js';
import { expectProblem } from './told.js';

describe('what is installed', () => {
  const sum = 'a'.repeat(64);
  const release = releaseOf('eksctl', defaultToolVersions.eksctl, platformOf({ os: 'linux', arch: 'x64' }));

  it('a checksum file gives a SHA-256 or nothing', () => {
    const texts = [`${sum}  eksctl_Linux_amd64.tar.gz\n${sum}  *other`, sum, `${sum}\n`];
    const property = fc.property(anyText(texts), (text) => {
      expect(publishedSum(text, release.file) ?? sum).toMatch(/^[0-9a-f]{64}$/);
      try {
        expect(expectedSum(release, text)).toBe(release.known);
      } catch (thrown) {
        expectProblem(thrown);
      }
    });
    fc.assert(property, runs(500));
  });

  it('a receipt is whole or there is none', async () => {
    const whole = JSON.stringify({ version: '1.0.0', path: '/x', sha256: sum });
    const property = fc.asyncProperty(anyText([whole]), fc.constantFrom(...installableTools), async (text, tool) => {
      const files = { read: () => Promise.resolve(text) } as unknown as Files;
      const receipt = await readReceipt(files, '/cache', tool);
      if (receipt === undefined) return;
      expect(receipt).toEqual({
        tool,
        version: expect.any(String),
        path: expect.any(String),
        sha256: expect.any(String),
      });
    });
    await fc.assert(property, runs(300));
  });

  it('a platform is one that has programs, or is refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('x64', 'arm64', 'ia32', ''), (os, arch) => {
        expectProblem(
          (() => {
            try {
              return platformOf({ os, arch });
            } catch (thrown) {
              return thrown;
            }
          })(),
        );
      }),
      runs(50),
    );
  });
});
