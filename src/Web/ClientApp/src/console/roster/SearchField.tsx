import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shell/Icon';

interface SearchFieldProps {
  label: string;
  value: string;
  onSearch: (text: string) => void;
  /** Where the dialog begins that it stands in. */
  autofocus?: boolean;
}

/** A field that searches a moment after the last letter. */
export function SearchField({ label, value, onSearch, autofocus }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <span class="searchBox">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        autofocus={autofocus}
        aria-label={label}
        placeholder={label}
        value={text}
        data-testid="search"
        onKeyDown={(event) => {
          // Inside a form Enter looks at once instead of sending the form.
          if (event.key !== 'Enter') return;
          event.preventDefault();
          clearTimeout(timer.current);
          onSearch(text);
        }}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onSearch(typed), 200);
        }}
      />
    </span>
  );
}
