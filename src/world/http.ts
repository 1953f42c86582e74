/** The ports to plain HTTP: reads of the internet, and calls of a port of this machine, which a program forwards. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a URL, without the body for `HEAD`; never rejects. The time limit is in ms. */
export type HttpGet = (url: string, timeoutMs: number, method?: 'GET' | 'HEAD') => Promise<HttpResult>;

export interface PostRequest {
  /** With an address of this machine, e.g. `http://127.0.0.1:40123/v3/kv/range`; any other fails. */
  readonly url: string;
  readonly body: string;
  /** How long the answer may pause, in ms. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** The bytes raise Problem `network-unreachable` if they end early or pause for too long, and `interrupted` on the signal. */
export type PostResult =
  | { readonly kind: 'answered'; readonly status: number; readonly bytes: AsyncIterable<Uint8Array> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Posts JSON to this machine, past any proxy, and answers as soon as the answer begins; never rejects. */
export type HttpPost = (request: PostRequest) => Promise<PostResult>;
