/** What both pages show. */
export const en = {
  'phase.scheduled': 'Scheduled',
  'phase.lobbyOpen': 'Lobby open',
  'phase.open': 'Open',
  'phase.held': 'On hold',
  'phase.draining': 'Closing',
  'phase.closed': 'Closed',
  'phase.cancelled': 'Cancelled',

  'state.waiting': 'Waiting',
  'state.approved': 'Approved',
  'state.denied': 'Denied',
  'state.withdrawn': 'Left',
  'state.entering': 'Entering',
  'state.testing': 'Testing',
  'state.paused': 'Paused',
  'state.atSeal': 'At a seal',
  'state.interrupted': 'Interrupted',
  'state.submitted': 'Handed in',
  'state.terminated': 'Ended by proctor',
  'state.noShow': 'Did not start',
  'state.expired': 'Time over',
  'state.moved': 'Moved',
  'state.removed': 'Removed',

  'pending.pause': 'Pausing…',
  'pending.resume': 'Resuming…',
  'pending.terminate': 'Ending…',
  'pending.extend': 'Adding time…',
  'pending.releaseSeal': 'Opening the section…',

  'connection.connecting': 'Connecting…',
  'connection.connected': 'Connected',
  'connection.reconnecting': 'Reconnecting…',
  'connection.stopped': 'Not connected',
  'connection.refused': 'Signed out',

  'problem.offline': 'The server cannot be reached. Check the network; nothing was changed.',
  'problem.unreadable': 'The server’s answer could not be read. Try again in a moment.',
  'problem.throttled': {
    one: 'Too many tries. Wait {count} second, then try again.',
    other: 'Too many tries. Wait {count} seconds, then try again.',
  },

  'practice.badge': 'Practice session',
} as const;
