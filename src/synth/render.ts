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
  const lines = Array.isArray(value)
    ? value.map((one) => `${inner}${render(one, inner)}`)
    : Object.entries(value).flatMap(([key, one]) =>
        one === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${render(one, inner)}`],
      )
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return lines.length ? `${open}\n${lines.join(',\n')}\n${indent}${close}` : `${open}${close}`
}

function renderFlat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(renderFlat).join(', ')}]`
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return entries.length
    ? `{ ${entries.map(([key, one]) => `${JSON.stringify(key)}: ${renderFlat(one)}`).join(', ')} }`
    : '{}'
}

/** Whether a value holds maps or lists that hold more than plain values: such a value deserves lines of its own. */
function isNested(value: object): boolean {
  return Object.values(value).some(
    (one) =>
      typeof one === 'object' && one !== null && Object.values(one).some((two) => typeof two === 'object'),
  )
}
