/** The transform AWS::LanguageExtensions: loops are written out before the template is checked. */
import { entryOf, setEntry } from '../../model/index.ts'
import type { BoundParameter } from '../parameters/parameters.ts'
import type { Section } from '../read/parse-template.ts'
import { type TemplatePath, templateFault, unsupportedInTemplate } from '../read/template-fault.ts'

const EXTENSIONS = 'AWS::LanguageExtensions'
const LOOP = 'Fn::ForEach::'

const expanded = new WeakMap<Section, Map<string, Section>>()

/** Gives the names of the transforms that a template declares. */
export const declaredTransforms = (parsed: Section): string[] =>
  [parsed.Transform ?? []]
    .flat()
    .map((one) => (typeof one === 'string' ? one : String((one as Section)?.Name ?? '')))

/**
 * Gives the template with its loops written out; the very same one where it declares no transform.
 * Errors: ValidationError for any other transform, and for functions of the extension that are used without it.
 */
export function expandLanguageExtensions(parsed: Section, parameters: readonly BoundParameter[]): Section {
  const transforms = declaredTransforms(parsed)
  for (const name of transforms) if (name !== EXTENSIONS) throw unsupportedInTemplate(`the transform ${name}`)
  return writtenOut(parsed, new Map(parameters.map((one) => [one.key, one.resolvedValue ?? one.value])))
}

/**
 * Gives the template with its loops written out, whatever other transforms it declares; the very same one where it
 * does not declare the extensions. Errors: TemplateFault for a loop that cannot be written out.
 */
export function writtenOut(parsed: Section, values: ReadonlyMap<string, string>): Section {
  const transforms = declaredTransforms(parsed)
  if (transforms.length === 0) refuseExtensions(parsed)
  if (!transforms.includes(EXTENSIONS)) return parsed
  const key = JSON.stringify([...values])
  const known = expanded.get(parsed) ?? new Map<string, Section>()
  expanded.set(parsed, known)
  const before = known.get(key)
  if (before) return before
  const written = writeOut(parsed, {}, values) as Section
  known.set(key, written)
  return written
}

const plain = new WeakSet<Section>()

function refuseExtensions(parsed: Section): void {
  if (plain.has(parsed)) return
  const walk = (value: unknown, path: TemplatePath): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const extended = key === 'Fn::FindInMap' && Array.isArray(inner) && inner.length > 3
      if (key.startsWith(LOOP) || key === 'Fn::Length' || key === 'Fn::ToJsonString' || extended)
        throw templateFault(
          `Template error: ${key.startsWith(LOOP) ? 'Fn::ForEach' : extended ? 'DefaultValue of Fn::FindInMap' : key} requires the transform ${EXTENSIONS}`,
          [...path, key],
          `write Transform: ${EXTENSIONS} at the top of the template`,
        )
      walk(inner, [...path, Array.isArray(value) ? Number(key) : key])
    }
  }
  walk({ Resources: parsed.Resources, Outputs: parsed.Outputs, Conditions: parsed.Conditions }, [])
  plain.add(parsed)
}

type Variables = Readonly<Record<string, string>>

function writeOut(value: unknown, variables: Variables, parameters: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return substituted(value, variables)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => writeOut(item, variables, parameters))
  const { Ref: name } = value as Section
  if (typeof name === 'string' && Object.hasOwn(variables, name) && Object.keys(value).length === 1)
    return entryOf(variables, name)
  const written: Section = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith(LOOP)) Object.assign(written, loop(key, inner, variables, parameters))
    else setEntry(written, substituted(key, variables), writeOut(inner, variables, parameters))
  }
  return written
}

/** AWS: `${Name}` stands for the value, `&{Name}` for the value with everything but letters and digits dropped. */
function substituted(text: string, variables: Variables): string {
  if (!text.includes('{')) return text
  return text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, sign, name) => {
    const value = entryOf(variables, name)
    if (value === undefined) return whole
    return sign === '&' ? value.replace(/[^A-Za-z0-9]/g, '') : value
  })
}

function loop(
  key: string,
  argument: unknown,
  variables: Variables,
  parameters: ReadonlyMap<string, string>,
): Section {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
    throw templateFault(`Template error: ${key} requires an identifier, a collection and a map to repeat`)
  const [identifier, collection, body] = argument as [string, unknown, Section]
  const written: Section = {}
  for (const item of itemsOf(collection, key, parameters))
    Object.assign(written, writeOut(body, { ...variables, [identifier]: item }, parameters))
  return written
}

function itemsOf(collection: unknown, key: string, parameters: ReadonlyMap<string, string>): string[] {
  if (Array.isArray(collection)) return collection.flatMap((item) => itemsOf(item, key, parameters))
  if (typeof collection !== 'object' || collection === null) return [String(collection)]
  const name = String((collection as Section).Ref)
  const value = parameters.get(name)
  if (value === undefined)
    throw templateFault(
      `Template error: the collection of ${key} must be a list or a parameter`,
      undefined,
      (collection as Section).Ref === undefined ? undefined : `give the parameter ${name} a value`,
    )
  return value.split(',').map((item) => item.trim())
}
