/** References to what SAM makes: `Ref: Fn.Alias`, `Fn::GetAtt: [Api, Stage]`, and the new ids of layers. */
import type { Expansion } from './expansion.ts'
import { isMap } from './properties.ts'

/** Gives a value with the references to generated resources resolved. */
export function withMadeReferences(value: unknown, { referred }: Expansion): unknown {
  if (referred.size === 0) return value
  const meant = (id: string, property: string) => referred.get(id)?.get(property)
  /** `Fn.Alias.Arn` → `FnAliaslive.Arn`; undefined where nothing generated is meant. */
  const resolved = (text: string): string | undefined => {
    const [id = '', property = '', ...rest] = text.split('.')
    const whole = meant(id, '')
    if (whole !== undefined) return [whole, ...(property ? [property] : []), ...rest].join('.')
    const made = property ? meant(id, property) : undefined
    return made === undefined ? undefined : [made, ...rest].join('.')
  }
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk)
    if (!isMap(one)) return one
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = one
    if (Object.keys(one).length === 1) {
      if (typeof Ref === 'string') return { Ref: resolved(Ref) ?? Ref }
      if (Array.isArray(attribute) && attribute.every((part) => typeof part === 'string')) {
        const made = resolved(attribute.join('.'))
        if (made === undefined) return one
        const [id, ...rest] = made.split('.')
        return { 'Fn::GetAtt': rest.length > 0 ? [id, rest.join('.')] : [id] }
      }
      if (typeof text === 'string') return { 'Fn::Sub': within(text) }
      if (Array.isArray(text))
        return {
          'Fn::Sub': [typeof text[0] === 'string' ? within(text[0]) : text[0], ...text.slice(1).map(walk)],
        }
    }
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [
        key,
        key === 'DependsOn' ? dependencies(inner) : walk(inner),
      ]),
    )
  }
  const within = (text: string): string =>
    text.replace(/\$\{([A-Za-z0-9.]+)\}/g, (whole, name: string) => {
      const made = resolved(name)
      return made === undefined ? whole : `\${${made}}`
    })
  const dependencies = (after: unknown): unknown => {
    const one = (id: unknown) => (typeof id === 'string' ? (meant(id, '') ?? id) : id)
    return Array.isArray(after) ? after.map(one) : one(after)
  }
  return walk(value)
}
