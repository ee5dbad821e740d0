/** What the library's hub connection asks of a transport; its own type of this is not public. */
export interface Connection {
  readonly features: Record<string, unknown>;
  baseUrl: string;
  onreceive: ((data: string) => void) | null;
  onclose: ((error?: Error) => void) | null;
  start(): Promise<void>;
  send(data: string): Promise<void>;
  stop(error?: Error): Promise<void>;
}

/**
 * A web socket without negotiation. The library brings one too, but only together with everything that negotiates,
 * which is more than half of it and seldom needed (`negotiated.ts`).
 */
export class WebSocketConnection implements Connection {
  readonly features = {};
  baseUrl: string;
  onreceive: ((data: string) => void) | null = null;
  onclose: ((error?: Error) => void) | null = null;
  readonly #accessToken: (() => string) | null;
  #socket: WebSocket | null = null;
  /** Ends a start that is under way. */
  #abandon: ((error: Error) => void) | null = null;

  constructor(url: string, accessToken: (() => string) | null) {
    this.baseUrl = url;
    this.#accessToken = accessToken;
  }

  start(): Promise<void> {
    const url = new URL(this.baseUrl, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    // A browser's web socket carries no header.
    if (this.#accessToken) url.searchParams.set('access_token', this.#accessToken());
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      this.#socket = socket;
      this.#abandon = reject;
      socket.onopen = () => {
        this.#abandon = null;
        resolve();
      };
      socket.onmessage = ({ data }) => {
        try {
          this.onreceive?.(data as string);
        } catch (error) {
          this.#close(error as Error);
        }
      };
      socket.onclose = ({ code, reason, wasClean }) =>
        this.#close(
          wasClean && code === 1000
            ? undefined
            : new Error(`The web socket closed: ${code} ${reason}`.trim()),
        );
    });
  }

  async send(data: string): Promise<void> {
    if (this.#socket?.readyState !== WebSocket.OPEN) throw new Error('The web socket is not open.');
    this.#socket.send(data);
  }

  /** Does not wait for the other side: without a network its answer takes long to be missed. */
  async stop(error?: Error): Promise<void> {
    this.#close(error);
  }

  #close(error?: Error): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    const abandon = this.#abandon;
    this.#abandon = null;
    // A start that fails says so by itself; only what was open closes.
    if (abandon) abandon(error ?? new Error('The web socket was stopped before it opened.'));
    else this.onclose?.(error);
  }
}
