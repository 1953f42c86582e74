/** Backups in S3. An upload is noted on this machine until it is over, so that the next run ends one whose process has died. */
import { z } from 'zod';
import { makeS3 } from '../aws/s3/s3.js';
import type { S3Place } from '../aws/s3/s3-call.js';
import { Problem } from '../errors/problem.js';
import { jsonAs } from '../model/json-text.js';
import type { AwsClients } from '../world/aws.js';
import type { Files } from '../world/files.js';
import type { BackupFiles } from './backup-port.js';
import { tenths } from './tenths.js';

const noteSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  owner: z.string().optional(),
  uploadId: z.string(),
});

export function s3Files(files: Files, aws: AwsClients, region: string): BackupFiles {
  const s3 = makeS3(aws, region);
  return {
    list: async (folder) => {
      const place = placeOf(folder);
      const { bucket, key, owner } = place;
      const keys = await s3.list({ ...place, key: key === '' ? '' : `${key}/` });
      return keys.map((each) => `s3://${owner === undefined ? '' : `${owner}@`}${bucket}/${each}`);
    },
    size: async (path) => (await s3.facts(placeOf(path)))?.sizeBytes,
    readStream: (path) => s3.read(placeOf(path)),
    readHead: async function* (path) {
      for await (const piece of s3.read(placeOf(path))) return yield piece;
    },
    remove: async (path) => await s3.remove(placeOf(path)),
    place: async (from, to, call) => {
      const note = from.replace(/\.part$/, uploadNote);
      const place = placeOf(to);
      const all = (await files.size(from)) ?? 0;
      const tell = tenths(call, 'uploaded');
      const told = async function* (): AsyncGenerator<Uint8Array> {
        let sent = 0;
        for await (const piece of files.readStream(from)) {
          if (call.signal.aborted) throw new Problem('interrupted', { what: `stopped while uploading ${to}` });
          yield piece;
          sent += piece.length;
          tell(sent, all);
        }
      };
      const noted = async (uploadId: string): Promise<void> =>
        await files.write(note, `${JSON.stringify({ ...place, uploadId })}\n`);
      try {
        const isPlaced = await s3.put(place, told(), noted);
        // What was refused is ended by now, unless S3 could not be told so.
        if (isPlaced) await files.remove(note);
        else await endNotedUpload(files, aws, region, note);
        return isPlaced;
      } catch (thrown) {
        // It is over by now, unless S3 could not be told so.
        await endNotedUpload(files, aws, region, note).catch(() => undefined);
        throw thrown;
      }
    },
    mustExist: async (folder) => await s3.mustExist(placeOf(folder)),
  };
}

/** How the name of a note ends, in place of `.part`. */
export const uploadNote = '.upload.part';

/** Ends the upload that a run which died has noted. What S3 refuses meanwhile is left to a later run, with its note. */
export async function endNotedUpload(files: Files, aws: AwsClients, region: string, note: string): Promise<void> {
  const text = await files.read(note);
  if (text === undefined) return;
  const found = jsonAs(noteSchema, text);
  if (found !== undefined) {
    const { uploadId, ...place } = found;
    try {
      await makeS3(aws, region).abort(place, uploadId);
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
      if (thrown.code !== 'bucket-missing') return;
    }
  }
  await files.remove(note);
}

/** Of an address that was checked, or that was made of a listed key, which may be any text. */
function placeOf(address: string): S3Place {
  const [, owner, bucket = '', key = ''] = /^s3:\/\/(?:(\d{12})@)?([^/]+)\/?(.*)$/s.exec(address) ?? [];
  if (bucket === '') throw new Problem('internal', { what: `${address} was not checked to be one of S3` });
  return { owner, bucket, key };
}
