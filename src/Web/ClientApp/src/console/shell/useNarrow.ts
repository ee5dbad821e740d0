import { useEffect, useState } from 'preact/hooks';

const query = '(max-width: 640px)';

/** Whether the page is as narrow as a phone, where rows take two lines. Matches the style sheets. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = () => setNarrow(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return narrow;
}
