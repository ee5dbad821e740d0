import type { Session } from '../../shared/wire';

/** Who is registered for the session, and who of them has arrived. */
export function SessionRoster({ session }: { session: Session }) {
  return <section class="pane" id="roster" data-session={session.id} />;
}
