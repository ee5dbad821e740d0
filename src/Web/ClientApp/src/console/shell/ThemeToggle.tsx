import { t } from '../text';
import { Icon, type IconName } from './Icon';
import { nextTheme, type Theme, theme } from './theme';

const icons: Record<Theme, IconName> = { auto: 'themeAuto', light: 'sun', dark: 'moon' };

export function ThemeToggle() {
  const name = t(`theme.${theme.value}`);
  return (
    <button
      class="iconButton"
      type="button"
      onClick={nextTheme}
      aria-label={name}
      title={name}
      data-testid="theme"
    >
      <Icon name={icons[theme.value]} />
    </button>
  );
}
