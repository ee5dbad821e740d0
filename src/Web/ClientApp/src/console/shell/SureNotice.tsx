import { useEffect, useRef } from 'preact/hooks';

interface SureNoticeProps {
  question: string;
  yes: string;
  working: boolean;
  onYes: () => void;
}

/** Asks once more inside a dialog. The focus comes here with the question, so that the answer is the next thing. */
export function SureNotice({ question, yes, working, onYes }: SureNoticeProps) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <p class="notice warn sure" role="alert" tabIndex={-1} ref={box}>
      <span>{question}</span>
      <button class="button danger small" type="button" disabled={working} onClick={onYes}>
        {yes}
      </button>
    </p>
  );
}
