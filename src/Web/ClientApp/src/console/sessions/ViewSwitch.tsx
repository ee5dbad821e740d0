import { t } from '../text';
import { type View, views } from './listFilter';

/** List, week or month. */
export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  return (
    <fieldset class="viewSwitch">
      <legend class="visually-hidden">{t('view.label')}</legend>
      {views.map((known) => (
        <label key={known}>
          <input
            type="radio"
            name="view"
            value={known}
            checked={view === known}
            onChange={() => onChange(known)}
          />
          <span>{t(`view.${known}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
