/**
 * Catalogues of everything that is shown. A text is a sentence with `{placeholders}`, or one sentence for each
 * plural form, chosen by the placeholder `count`. English is the shape that every other language has to fill.
 */
export type Entry = string | PluralEntry;
export type PluralEntry = { readonly [Form in Intl.LDMLPluralRule]?: string } & { readonly other: string };
export type Catalogue = Readonly<Record<string, Entry>>;

/** The same keys in another language: plural where English is plural, a sentence where it is one. */
export type Translation<C extends Catalogue> = {
  readonly [K in keyof C]: C[K] extends string ? string : PluralEntry;
};

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Values<E> = E extends string
  ? { [Name in Placeholders<E>]: string | number }
  : { [Name in Placeholders<E[keyof E]> | 'count']: Name extends 'count' ? number : string | number };
type Arguments<E> = keyof Values<E> extends never ? [] : [values: Values<E>];

export type Text<C extends Catalogue> = <K extends keyof C & string>(
  key: K,
  ...values: Arguments<C[K]>
) => string;

/** Reads a catalogue: `t('ahead', { count: 3 })`. Keys and placeholders are checked by the compiler. */
export function createText<const C extends Catalogue>(catalogue: C, locale: string): Text<C> {
  const plural = new Intl.PluralRules(locale);
  return (key, ...rest) => {
    const values = (rest[0] ?? {}) as Record<string, string | number>;
    const entry: Entry = catalogue[key] ?? key;
    const sentence =
      typeof entry === 'string' ? entry : (entry[plural.select(Number(values.count))] ?? entry.other);
    return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
