import { pathOf, type Route } from './route';

/** What a device needs to find back into a lobby after a reload or a restart. */
export interface KeptPlace {
  /** The address that it was joined by. */
  path: string;
  token: string;
  entryId: string;
  /** The number of this device, as `join` answered it; a higher one in the feed means a take-over. */
  device: number;
  sessionName: string;
  joinedAt: number;
}

const key = 'liveproctor.places';
/** The longest window; older places lead nowhere. */
const keptFor = 90 * 24 * 3600 * 1000;
const mostKept = 10;

/** The places of this browser. Where storage is blocked they last as long as the page. */
export class KeptPlaces {
  #memory: KeptPlace[] | null = null;
  readonly #storage: Storage | null;

  constructor(storage: Storage | null = browserStorage()) {
    this.#storage = storage;
  }

  at(route: Route): KeptPlace | null {
    return route.kind === 'open' || route.kind === 'own'
      ? null
      : (this.#all().find(({ path }) => path === pathOf(route)) ?? null);
  }

  newest(): KeptPlace | null {
    return this.#all()[0] ?? null;
  }

  keep(place: KeptPlace): void {
    this.#write([place, ...this.#all().filter(({ path }) => path !== place.path)].slice(0, mostKept));
  }

  forget({ token }: KeptPlace): void {
    this.#write(this.#all().filter((kept) => kept.token !== token));
  }

  #all(): KeptPlace[] {
    if (this.#memory) return this.#memory;
    try {
      const stored: unknown = JSON.parse(this.#storage?.getItem(key) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isFresh) : [];
    } catch {
      return [];
    }
  }

  #write(places: KeptPlace[]): void {
    try {
      if (!this.#storage) throw new Error('blocked');
      this.#storage.setItem(key, JSON.stringify(places));
    } catch {
      this.#memory = places;
    }
  }
}

/** Local storage, or null where the browser blocks it. */
export function browserStorage(): Storage | null {
  try {
    const probe = 'liveproctor.probe';
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}

function isFresh(value: unknown): value is KeptPlace {
  const place = value as Partial<KeptPlace> | null;
  return (
    typeof place?.token === 'string' &&
    typeof place.path === 'string' &&
    typeof place.device === 'number' &&
    Date.now() - (place.joinedAt ?? 0) < keptFor
  );
}
