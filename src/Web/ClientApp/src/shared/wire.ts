/**
 * The shapes of docs/protocol.md, version 1. Instants are ISO 8601 strings in UTC; durations name their unit.
 * A field that the server may leave out is `?` and may also be null.
 */

export type * from './wire/entry';
export type * from './wire/feeds';
export type * from './wire/imports';
export type * from './wire/lobby';
export type * from './wire/mail';
export type * from './wire/roster';
export type * from './wire/session';
export type * from './wire/staff';
export type * from './wire/tickets';
