/** What of this machine's settings npm needs to reach its registry from elsewhere: as variables, and certificates as files. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root as repository } from '../run.js';
import { npm } from './run.js';

const settings = ['registry', 'proxy', 'https-proxy', 'noproxy', 'cafile'];
const proxies = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
const certificates = ['npm_config_cafile', 'NODE_EXTRA_CA_CERTS'];

/**
 * @param {string} root the file system into which files with certificates are copied
 * @returns {Promise<Record<string, string>>}
 */
export async function networkOf(root) {
  const { NODE_EXTRA_CA_CERTS } = process.env;
  const found = { ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }) };
  for (const name of proxies) if (process.env[name]) found[name] = process.env[name];
  for (const name of settings) {
    const value = await settingOf(name);
    if (value !== undefined) found[`npm_config_${name.replaceAll('-', '_')}`] = value;
  }
  for (const name of certificates) {
    if (found[name] === undefined) continue;
    await mkdir(join(root, 'etc/ssl'), { recursive: true });
    await copyFile(found[name], join(root, 'etc/ssl', `${name}.pem`));
    found[name] = `/etc/ssl/${name}.pem`;
  }
  return found;
}

async function settingOf(name) {
  const value = (await npm(['config', 'get', name], repository)).trim();
  return ['', 'null', 'undefined'].includes(value) ? undefined : value;
}
