/** A translation of one part of the catalogue: the same keys, other texts. */
export type SameKeys<English> = Readonly<Record<keyof English, string>>;
