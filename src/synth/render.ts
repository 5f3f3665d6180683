/** Writes a template as text. */
import type { Template } from '../model/index.ts'

/**
 * Gives a template as JSON, two spaces to a level, short lists and maps on one line.
 * The same template always gives the same text.
 */
export const renderTemplate = (template: Template): string => `${render(template, '')}\n`

const LINE = 100

function render(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (!isNested(value)) {
    const flat = renderFlat(value)
    if (flat.length + indent.length <= LINE) return flat
  }
  const inner = `${indent}  `
  let lines = ''
  if (Array.isArray(value)) {
    for (const one of value) lines += `${lines && ','}\n${inner}${render(one, inner)}`
    return lines ? `[${lines}\n${indent}]` : '[]'
  }
  for (const [key, one] of Object.entries(value))
    if (one !== undefined) lines += `${lines && ','}\n${inner}${JSON.stringify(key)}: ${render(one, inner)}`
  return lines ? `{${lines}\n${indent}}` : '{}'
}

function renderFlat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(renderFlat).join(', ')}]`
  let entries = ''
  for (const [key, one] of Object.entries(value))
    if (one !== undefined) entries += `${entries && ', '}${JSON.stringify(key)}: ${renderFlat(one)}`
  return entries ? `{ ${entries} }` : '{}'
}

/** Whether a value holds maps or lists that hold more than plain values: such a value deserves lines of its own. */
const isNested = (value: object): boolean =>
  holds(value, (one) => holds(one, (two) => typeof two === 'object'))

function holds(value: unknown, test: (one: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(test)
  for (const key in value) if (test((value as Record<string, unknown>)[key])) return true
  return false
}
