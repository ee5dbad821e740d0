import { useState } from 'preact/hooks';
import type { ImportKind } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { ImportDialog } from './ImportDialog';

/** Imports from above a list of the things. */
export function ImportButton({ kind }: { kind: ImportKind }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button class="button" type="button" onClick={() => setOpen(true)} data-testid="import-button">
        <Icon name="arrowIn" />
        {t('imports.button')}
      </button>
      {open && <ImportDialog kind={kind} onClose={() => setOpen(false)} />}
    </>
  );
}
