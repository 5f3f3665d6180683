/** Parameters that SAM resolves itself, where ids and hashes depend on them. */
import { isMap } from './properties.ts'

/** By name, pseudo parameters included. */
export type ParameterValues = ReadonlyMap<string, unknown>

/** Gives a value with the references to parameters replaced whose values are known, within Fn::Sub too. */
export function withParameters(value: unknown, values: ParameterValues): unknown {
  if (Array.isArray(value)) return value.map((one) => withParameters(one, values))
  if (!isMap(value)) return value
  const { Ref: name, 'Fn::Sub': text } = value
  if (Object.keys(value).length === 1) {
    if (typeof name === 'string') return values.has(name) ? values.get(name) : value
    if (typeof text === 'string') return { 'Fn::Sub': substituted(text, values) }
    if (Array.isArray(text) && typeof text[0] === 'string')
      return {
        'Fn::Sub': [substituted(text[0], values), ...text.slice(1).map((one) => withParameters(one, values))],
      }
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withParameters(one, values)]))
}

const substituted = (text: string, values: ParameterValues): string =>
  text.replace(/\$\{([A-Za-z0-9:]+)\}/g, (whole, name) =>
    values.has(name) ? String(values.get(name)) : whole,
  )
