import type { Profile } from '../../shared/wire';
import { t } from '../text';
import type { settingNames } from './profileSettings';

/** A setting as a sentence that a proctor would say. */
export function sentence(settings: Profile, setting: (typeof settingNames)[number]): string {
  switch (setting) {
    case 'lobbyLeadMinutes':
      return settings.lobbyLeadMinutes === 0
        ? t('profile.say.leadNone')
        : t('profile.say.lead', { count: settings.lobbyLeadMinutes });
    case 'autoAdmit':
      return t(settings.autoAdmit ? 'profile.say.admits' : 'profile.say.asks');
    case 'admitJitterMilliseconds':
      return t('profile.say.jitter', {
        time: (settings.admitJitterMilliseconds / 1000).toLocaleString('en'),
      });
    case 'studentMayPause':
      return t(settings.studentMayPause ? 'profile.say.mayPause' : 'profile.say.mayNotPause');
    case 'pauseLimitMinutes':
      return settings.pauseLimitMinutes === 0
        ? t('profile.say.pauseNone')
        : t('profile.say.pause', { count: settings.pauseLimitMinutes });
    case 'closeRule':
      return t(
        settings.closeRule === 'pause' ? 'profile.say.pauseAtClose' : `profile.say.${settings.closeRule}`,
      );
    case 'graceMinutes':
      return settings.graceMinutes === 0
        ? t('profile.say.graceNone')
        : t('profile.say.grace', { count: settings.graceMinutes });
    case 'idleMinutes':
      return settings.idleMinutes === 0
        ? t('profile.say.idleNever')
        : t('profile.say.idle', { count: settings.idleMinutes });
  }
}
