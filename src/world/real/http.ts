/** Real HTTP reads. */
import type { HttpGet } from '../http.js';

export const realHttpGet: HttpGet = async (url, timeoutMs, method = 'GET') => {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(timeoutMs) });
    return { kind: 'answered', status: response.status, body: await response.text() };
  } catch (thrown) {
    return { kind: 'failed', reason: reasonOf(thrown) };
  }
};

/** fetch says only "fetch failed"; what it met is in the cause, for several addresses in the causes of that. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.cause instanceof AggregateError) return thrown.cause.errors.map(reasonOf).join('; ');
  return thrown.cause instanceof Error ? reasonOf(thrown.cause) : thrown.message;
}
