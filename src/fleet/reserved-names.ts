/** Names that a fleet file cannot give: zod leaves `__proto__` out of every map, without a word. */
import { FleetError } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { FleetErrors } from './fleet-errors.ts'

const RESERVED = '__proto__'

/** Throws: FleetErrors with every place where the name stands. */
export function refuseReservedNames(document: FleetDocument): void {
  const found: FleetError[] = []
  const open: { readonly value: unknown; readonly path: DataPath }[] = [{ value: document.data, path: [] }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      const below = [...path, Array.isArray(value) ? Number(key) : key]
      if (key === RESERVED)
        found.push(
          new FleetError(`nothing can be named \`${RESERVED}\``, {
            location: document.locateKey(below),
            fix: 'rename it',
          }),
        )
      open.push({ value: inner, path: below })
    }
  }
  if (found.length) throw new FleetErrors(found)
}
