/** The port to plain HTTP reads: asking AWS's check-ip service for this machine's address, and whether a download is there. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a URL, with `HEAD` without its body; never rejects. The time limit is in ms. */
export type HttpGet = (url: string, timeoutMs: number, method?: 'GET' | 'HEAD') => Promise<HttpResult>;
