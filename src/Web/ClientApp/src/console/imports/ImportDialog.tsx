import type { ImportKind } from '../../shared/wire';
import { go } from '../route';
import { Dialog } from '../shell/Dialog';
import { t } from '../text';
import { ImportForm } from './ImportForm';

/** Imports from where the things are listed; what the file would do is seen on the import's own page. */
export function ImportDialog({ kind, onClose }: { kind: ImportKind; onClose: () => void }) {
  return (
    <Dialog title={t(`imports.new.${kind}`)} onClose={onClose} size="large" testId="import-dialog">
      <ImportForm
        kind={kind}
        onCancel={onClose}
        onStarted={(item) => {
          onClose();
          go({ page: 'desk', desk: 'imports', query: { of: item.id } });
        }}
      />
    </Dialog>
  );
}
