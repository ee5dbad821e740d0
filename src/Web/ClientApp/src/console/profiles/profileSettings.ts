import type { Profile } from '../../shared/wire';

/** What LiveProctor comes with. */
export const builtIn: Profile = {
  lobbyLeadMinutes: 30,
  closeRule: 'finish',
  graceMinutes: 240,
  autoAdmit: false,
  studentMayPause: false,
  pauseLimitMinutes: 20,
  idleMinutes: 20,
  admitJitterMilliseconds: 2000,
};

/** The settings in the order in which a day meets them. */
export const settingNames = [
  'lobbyLeadMinutes',
  'autoAdmit',
  'admitJitterMilliseconds',
  'studentMayPause',
  'pauseLimitMinutes',
  'closeRule',
  'graceMinutes',
  'idleMinutes',
] as const satisfies readonly (keyof Profile)[];

export const closeRules = ['finish', 'pause', 'end'] as const satisfies readonly Profile['closeRule'][];

/** The bounds of those that are numbers; the jitter is shown in seconds. */
export const bounds = {
  lobbyLeadMinutes: 1440,
  graceMinutes: 1440,
  pauseLimitMinutes: 240,
  idleMinutes: 1440,
  admitJitterMilliseconds: 30,
} as const;
export type NumberSetting = keyof typeof bounds;

/** The form of a profile, as it is typed. */
export type ProfileDraft = {
  name: string;
  closeRule: Profile['closeRule'];
  autoAdmit: boolean;
  studentMayPause: boolean;
} & Record<NumberSetting, string>;

export function profileDraft(name: string, settings: Profile): ProfileDraft {
  return {
    name,
    closeRule: settings.closeRule,
    autoAdmit: settings.autoAdmit,
    studentMayPause: settings.studentMayPause,
    lobbyLeadMinutes: String(settings.lobbyLeadMinutes),
    graceMinutes: String(settings.graceMinutes),
    pauseLimitMinutes: String(settings.pauseLimitMinutes),
    idleMinutes: String(settings.idleMinutes),
    admitJitterMilliseconds: String(settings.admitJitterMilliseconds / 1000),
  };
}

/** What the form asks of the server, or the numbers that are none or out of bounds. */
export function profileRequest(
  draft: ProfileDraft,
): { name: string; settings: Profile } | { wrong: NumberSetting[] } {
  const numbers = Object.keys(bounds) as NumberSetting[];
  const wrong = numbers.filter((setting) => {
    const text = draft[setting].trim().replace(',', '.');
    const form = setting === 'admitJitterMilliseconds' ? /^\d+(\.\d{1,3})?$/ : /^\d+$/;
    return !form.test(text) || Number(text) > bounds[setting];
  });
  if (wrong.length > 0) return { wrong };
  const number = (setting: NumberSetting) => Number(draft[setting].trim().replace(',', '.'));
  return {
    name: draft.name.trim(),
    settings: {
      lobbyLeadMinutes: number('lobbyLeadMinutes'),
      closeRule: draft.closeRule,
      graceMinutes: number('graceMinutes'),
      autoAdmit: draft.autoAdmit,
      studentMayPause: draft.studentMayPause,
      pauseLimitMinutes: number('pauseLimitMinutes'),
      idleMinutes: number('idleMinutes'),
      admitJitterMilliseconds: Math.round(number('admitJitterMilliseconds') * 1000),
    },
  };
}

/** Which settings differ between two profiles. */
export function differences(before: Profile, after: Profile): (typeof settingNames)[number][] {
  return settingNames.filter((setting) => before[setting] !== after[setting]);
}
