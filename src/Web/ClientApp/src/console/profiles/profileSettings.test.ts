import { expect, it } from 'vitest';
import { builtIn, differences, profileDraft, profileRequest, settingNames } from './profileSettings';

it('sends what was typed, seconds as milliseconds', () => {
  const draft = { ...profileDraft(' Calm ', builtIn), admitJitterMilliseconds: '0,5', idleMinutes: '0' };
  expect(profileRequest(draft)).toEqual({
    name: 'Calm',
    settings: { ...builtIn, admitJitterMilliseconds: 500, idleMinutes: 0 },
  });
});

it('names the numbers that are none or out of bounds', () => {
  const draft = {
    ...profileDraft('Calm', builtIn),
    lobbyLeadMinutes: '1441',
    graceMinutes: '',
    pauseLimitMinutes: '2.5',
  };
  expect(profileRequest(draft)).toEqual({ wrong: ['lobbyLeadMinutes', 'graceMinutes', 'pauseLimitMinutes'] });
});

it('says which settings differ, and leaves none out', () => {
  expect(differences(builtIn, { ...builtIn, closeRule: 'end', autoAdmit: true })).toEqual([
    'autoAdmit',
    'closeRule',
  ]);
  expect([...settingNames].sort()).toEqual(Object.keys(builtIn).sort());
});
