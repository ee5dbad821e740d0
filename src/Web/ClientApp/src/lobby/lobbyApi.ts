import { call, type Result } from '../shared/api';
import type { JoinAnswer, JoinRequest, Lobby, LobbySession, Me } from '../shared/wire';

/** The REST calls of the student's page (docs/protocol.md section 6). */
export interface LobbyApi {
  session(by: { joinId?: string; link?: string }): Promise<Result<LobbySession>>;
  join(request: JoinRequest, idempotencyKey: string): Promise<Result<JoinAnswer>>;
  me(token: string): Promise<Result<{ me: Me; lobby: Lobby }>>;
}

export const lobbyApi: LobbyApi = {
  session: (by) => call('GET', `/lobby/session?${new URLSearchParams(by)}`),
  join: (body, idempotencyKey) => call('POST', '/lobby/join', { body, idempotencyKey }),
  me: (token) => call('GET', '/lobby/me', { token }),
};
