import { useId, useRef, useState } from 'preact/hooks';
import type { ImportKind } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';

/** Takes a file: by choosing one, or by dropping one on it. */
export function FileField({
  kind,
  file,
  mend,
  onChange,
}: {
  kind: ImportKind;
  file: File | null;
  mend: string | null;
  onChange: (file: File | null) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const zip = kind === 'oneRoster';

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer?.files ?? [];
    if (!dropped || !input.current) return;
    const list = new DataTransfer();
    list.items.add(dropped);
    input.current.files = list.files;
    onChange(dropped);
  };

  return (
    <div class="field">
      <label for={id}>{t('imports.file')}</label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the input in it, which the keyboard reaches */}
      <div
        class={over ? 'dropZone over' : 'dropZone'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        data-testid="drop-zone"
      >
        <Icon name={file ? 'check' : 'plus'} />
        <span class="dropText">{t('imports.drop')}</span>
        <input
          id={id}
          ref={input}
          type="file"
          name="file"
          accept={zip ? '.zip' : '.xlsx,.csv,.txt,.tsv'}
          aria-invalid={Boolean(mend)}
          aria-describedby={`${id}-about`}
          onChange={(event) => onChange(event.currentTarget.files?.[0] ?? null)}
          data-testid="import-file"
        />
      </div>
      <span id={`${id}-about`} class={mend ? 'error' : 'hint'}>
        {mend ?? t(zip ? 'imports.zipHint' : 'imports.fileHint')}
      </span>
    </div>
  );
}
