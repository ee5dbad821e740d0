import { call, type Result } from '../shared/api';
import type {
  JoinAnswer,
  JoinRequest,
  Lobby,
  LobbySession,
  Me,
  OwnPage,
  OwnStartAnswer,
  TicketRequest,
  TicketView,
} from '../shared/wire';

/** The REST calls of the student's page (docs/protocol.md section 6). */
export interface LobbyApi {
  session(by: { joinId?: string; link?: string }): Promise<Result<LobbySession>>;
  join(request: JoinRequest, idempotencyKey: string): Promise<Result<JoinAnswer>>;
  me(token: string): Promise<Result<{ me: Me; lobby: Lobby }>>;
  /** What a ticket opens, also before the lobby does. */
  ticket(request: TicketRequest): Promise<Result<TicketView>>;
  own(secret: string): Promise<Result<OwnPage>>;
  startOwn(
    secret: string,
    registrationId: string,
    code: string,
    idempotencyKey: string,
  ): Promise<Result<OwnStartAnswer>>;
  practise(secret: string, testCode: string, idempotencyKey: string): Promise<Result<OwnStartAnswer>>;
}

export const lobbyApi: LobbyApi = {
  session: (by) => call('GET', `/lobby/session?${new URLSearchParams(by)}`),
  join: (body, idempotencyKey) => call('POST', '/lobby/join', { body, idempotencyKey }),
  me: (token) => call('GET', '/lobby/me', { token }),
  ticket: (body) => call('POST', '/lobby/ticket', { body }),
  own: (secret) => call('GET', `/my/${encodeURIComponent(secret)}`),
  startOwn: (secret, registrationId, code, idempotencyKey) =>
    call(
      'POST',
      `/my/${encodeURIComponent(secret)}/registrations/${encodeURIComponent(registrationId)}/start`,
      { body: code ? { code } : {}, idempotencyKey },
    ),
  practise: (secret, testCode, idempotencyKey) =>
    call('POST', `/my/${encodeURIComponent(secret)}/practice`, { body: { testCode }, idempotencyKey }),
};
