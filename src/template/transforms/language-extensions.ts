/** The transform AWS::LanguageExtensions: loops are written out before the template is checked. */
import { entryOf, setEntry, type Template } from '../../model/index.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import { parameterValues } from '../parameters/parameters.ts'
import type { Section } from '../read/parse-template.ts'
import { type TemplatePath, templateFault } from '../read/template-fault.ts'
import type { Value } from '../values/value.ts'

export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions'
const LOOP = 'Fn::ForEach::'

/** What loops and policies may hang on. */
export interface ExtensionValues {
  readonly values: ReadonlyMap<string, string>
  readonly region: string
  readonly partition: string
  readonly account?: string
}

/**
 * Gives the template with its loops written out, and the functions in its policies carried out.
 * Errors: TemplateFault for loops over what nobody knows.
 */
export function expandLanguageExtensions(parsed: Section, known: ExtensionValues): Section {
  const evaluator = evaluatorOf(parsed, known)
  const written = writeOut(parsed, { variables: {}, evaluator }) as Section
  return { ...written, Resources: withPolicies(written.Resources as Section | undefined, evaluator) }
}

function evaluatorOf(parsed: Section, { values, region, partition, account }: ExtensionValues): Evaluator {
  const template = parsed as unknown as Template
  const bound = [...values].map(([key, value]) => ({ key, value, noEcho: false }))
  const none = (name: string): never => {
    const declared = entryOf(template.Parameters, name) !== undefined
    throw templateFault(
      declared
        ? `Template error: the parameter ${name} has no value, and a loop or a policy hangs on it`
        : `Template error: ${name} is no parameter, and nothing else is known here`,
      undefined,
      declared ? `give the parameter ${name} a value` : undefined,
    )
  }
  return new Evaluator({
    place: 'the template',
    region,
    values: new Map<string, Value>([
      ['AWS::Region', region],
      ['AWS::Partition', partition],
      ...(account === undefined ? [] : [['AWS::AccountId', account] as const]),
      ...parameterValues(template, bound),
    ]),
    mappings: template.Mappings ?? {},
    conditions: template.Conditions ?? {},
    reference: none,
    attribute: none,
    imported: () => none('an import'),
  })
}

/** AWS: with this transform, DeletionPolicy and UpdateReplacePolicy may hold functions of parameters. */
function withPolicies(resources: Section | undefined, evaluator: Evaluator): Section | undefined {
  if (typeof resources !== 'object' || resources === null) return resources
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => {
      if (typeof resource !== 'object' || resource === null) return [id, resource]
      const policies = ['DeletionPolicy', 'UpdateReplacePolicy'].flatMap((name) => {
        const written = (resource as Section)[name]
        return typeof written === 'object' && written !== null ? [[name, evaluator.value(written)]] : []
      })
      return [id, policies.length > 0 ? { ...resource, ...Object.fromEntries(policies) } : resource]
    }),
  )
}

/** Errors: TemplateFault for functions of the extension that are used without it. */
export function refuseExtensions(parsed: Section): void {
  const walk = (value: unknown, path: TemplatePath): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const extended = key === 'Fn::FindInMap' && Array.isArray(inner) && inner.length > 3
      if (key.startsWith(LOOP) || key === 'Fn::Length' || key === 'Fn::ToJsonString' || extended)
        throw templateFault(
          `Template error: ${key.startsWith(LOOP) ? 'Fn::ForEach' : extended ? 'DefaultValue of Fn::FindInMap' : key} requires the transform ${LANGUAGE_EXTENSIONS}`,
          [...path, key],
          `write Transform: ${LANGUAGE_EXTENSIONS} at the top of the template`,
        )
      walk(inner, [...path, Array.isArray(value) ? Number(key) : key])
    }
  }
  walk({ Resources: parsed.Resources, Outputs: parsed.Outputs, Conditions: parsed.Conditions }, [])
}

type Variables = Readonly<Record<string, string>>

interface Writing {
  readonly variables: Variables
  readonly evaluator: Evaluator
}

function writeOut(value: unknown, writing: Writing): unknown {
  const { variables } = writing
  if (typeof value === 'string') return substituted(value, variables)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => writeOut(item, writing))
  const { Ref: name } = value as Section
  if (typeof name === 'string' && Object.hasOwn(variables, name) && Object.keys(value).length === 1)
    return entryOf(variables, name)
  const written: Section = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith(LOOP)) Object.assign(written, loop(key, inner, writing))
    else setEntry(written, substituted(key, variables), named(key, writeOut(inner, writing), writing))
  }
  return written
}

/**
 * Gives the argument of a reference with the functions in its names carried out.
 * AWS: TemplateReference/intrinsic-function-reference-getatt.html and -ref.html, both the resource's name and the attribute's.
 */
function named(key: string, argument: unknown, { evaluator }: Writing): unknown {
  const name = (one: unknown) => (typeof one === 'object' && one !== null ? evaluator.value(one) : one)
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return argument.map(name)
  return key === 'Ref' ? name(argument) : argument
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

function loop(key: string, argument: unknown, writing: Writing): Section {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
    throw templateFault(`Template error: ${key} requires an identifier, a collection and a map to repeat`)
  const [identifier, collection, body] = argument as [string, unknown, Section]
  const written: Section = {}
  for (const item of itemsOf(collection, key, writing))
    Object.assign(
      written,
      writeOut(body, { ...writing, variables: { ...writing.variables, [identifier]: item } }),
    )
  return written
}

/** AWS: a list, a parameter, or what a mapping holds; the identifiers of loops around it are known in it. */
function itemsOf(collection: unknown, key: string, writing: Writing): string[] {
  const written = writeOut(collection, writing)
  const given = (Array.isArray(written) ? written : [written]).flatMap((one) => {
    const value = typeof one === 'object' ? writing.evaluator.value(one) : one
    return Array.isArray(value)
      ? value
      : typeof value === 'string' && one !== value
        ? value.split(',')
        : [value]
  })
  if (given.some((one) => typeof one === 'object' || one === undefined))
    throw templateFault(
      `Template error: the collection of ${key} must be a list or a parameter`,
      undefined,
      'give the parameters a value that the collection hangs on',
    )
  return given.map((item) => String(item).trim())
}
