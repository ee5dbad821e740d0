/**
 * Refusals (docs/errors.md) that a student may meet and that no word beside a field says. The server says them in
 * English, with their particulars; the other languages have a sentence for each.
 */
export type Refusal =
  | 'activeElsewhere'
  | 'alreadyDone'
  | 'approvalNeeded'
  | 'askedTooOften'
  | 'commandPending'
  | 'coolDown'
  | 'invalid'
  | 'lobbyNotOpen'
  | 'notApproved'
  | 'notFound'
  | 'notPermitted'
  | 'sessionHeld'
  | 'signInRequired'
  | 'takenOver'
  | 'unavailable'
  | 'unexpected'
  | 'windowNotOpen'
  | 'wrongState';

export type Refusals = Readonly<Record<Refusal, string>>;
