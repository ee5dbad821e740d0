import { computed, signal } from '@preact/signals';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { StaffMe } from '../../shared/wire';
import { client } from '../hub';

/** Who is signed in: undefined until the server said, null when nobody is. */
export const me = signal<StaffMe | null | undefined>(undefined);
/** Whether somebody was signed in before the sign-in form came up. */
export const wasSignedIn = signal(false);

export const mySelf = computed(() => me.value ?? null);

/** Why the server could not be asked who is signed in. */
export const meProblem = signal<Problem | null>(null);

/** Asks the server who is signed in. */
export async function readMe(): Promise<void> {
  meProblem.value = null;
  const answer = await call<StaffMe>('GET', '/account/me');
  if (answer.ok) {
    me.value = answer.value;
    client.start();
  } else if (answer.problem.status === 401) signedOut();
  else meProblem.value = answer.problem;
}

/** Signs in by cookie; the problem when refused. */
export async function signIn(email: string, password: string): Promise<Problem | null> {
  const answer = await call<{ staff: StaffMe }>('POST', '/account/sign-in', { body: { email, password } });
  if (!answer.ok) return answer.problem;
  me.value = answer.value.staff;
  client.start();
  return null;
}

export async function signOut(): Promise<void> {
  await call('POST', '/account/sign-out');
  wasSignedIn.value = false;
  client.stop();
  me.value = null;
}

/** The cookie no longer counts: back to the form, with a word why if somebody was at work. */
export function signedOut(): void {
  wasSignedIn.value = Boolean(me.value);
  client.stop();
  me.value = null;
}
