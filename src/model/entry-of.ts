/** Records whose names come from users, among them those of Object.prototype: "constructor", "__proto__", "toString". */

/** Gives the record's own entry of a name, never what it inherits. */
export const entryOf = <T>(
  record: Readonly<Record<string, T>> | null | undefined,
  name: string | number | undefined,
): T | undefined =>
  record !== undefined && record !== null && name !== undefined && Object.hasOwn(record, name)
    ? record[name]
    : undefined

/** Writes an entry of any name; an assignment to `__proto__` would exchange what the record inherits from. */
export function setEntry<T>(record: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
}

/** The text of a value where it is one, or nothing: a map of a user may have a "toString" that cannot be called. */
export const plainText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? '' : String(value)
