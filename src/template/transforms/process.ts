/** Carries out the transforms of a template: what comes out is what CloudFormation checks and deploys. */

import { storedType } from '../parameters/parameter-declaration.ts'
import type { Section } from '../read/parse-template.ts'
import { TemplateFault, type TemplatePath, templateFault } from '../read/template-fault.ts'
import { expandLanguageExtensions, LANGUAGE_EXTENSIONS, refuseExtensions } from './language-extensions.ts'
import { expandServerless } from './serverless/expand-serverless.ts'
import { SERVERLESS } from './serverless/refusals.ts'

/** Where a template is processed: what its pseudo parameters tell that are known by then. */
export interface ProcessPlace {
  readonly region: string
  /** Absent where a template is read before anybody knows its account. */
  readonly account?: string
}

export interface ProcessOptions extends ProcessPlace {
  /** Values of parameters as text; defaults stand for those that are not given. */
  readonly parameters: ReadonlyMap<string, string>
  /** `open`: what `sam package` has still to upload may be local; otherwise it is refused, as AWS does. */
  readonly artifacts?: 'open'
}

export interface Processed {
  /** Without the sections Transform and Globals; the very same one where it declares no transform. */
  readonly template: Section
  readonly transforms: readonly string[]
  /** Where a path of the processed template was made from. */
  origin(path: TemplatePath): TemplatePath
}

/** In the order in which they must be declared. */
const KNOWN = [LANGUAGE_EXTENSIONS, SERVERLESS]

const processed = new WeakMap<Section, Map<string, Processed>>()

/** Gives the names of the transforms that a template declares. */
export const declaredTransforms = (parsed: Section): string[] =>
  [parsed.Transform ?? []]
    .flat()
    .map((one) => (typeof one === 'string' ? one : String((one as Section)?.Name ?? '')))

/** Whether a template has a transform that only a macro of somebody, or AWS itself, carries out. */
export const hasForeignTransforms = (parsed: Section): boolean =>
  declaredTransforms(parsed).some((name) => !KNOWN.includes(name)) || transformWithin(parsed) !== undefined

/**
 * Gives the template with its transforms carried out, in the order in which they are declared.
 * Errors: TemplateFault for transforms that are not known, for another order, and whatever they refuse themselves.
 */
export function processTemplate(parsed: Section, options: ProcessOptions): Processed {
  const plain = declaredTransforms(parsed).length === 0
  const key = plain
    ? ''
    : JSON.stringify([[...options.parameters], options.region, options.account, options.artifacts])
  const known = processed.get(parsed) ?? new Map<string, Processed>()
  processed.set(parsed, known)
  const before = known.get(key)
  if (before) return before
  const made = carryOut(parsed, options)
  known.set(key, made)
  return made
}

function carryOut(parsed: Section, options: ProcessOptions): Processed {
  const transforms = declaredTransforms(parsed)
  refuseOthers(parsed, transforms)
  if (!transforms.includes(LANGUAGE_EXTENSIONS)) refuseExtensions(parsed)
  const values = valuesOf(parsed, options)
  let template = parsed
  let origin = (path: TemplatePath): TemplatePath => path
  if (transforms.includes(LANGUAGE_EXTENSIONS))
    template = expandLanguageExtensions(parsed, {
      values,
      ...options,
      partition: partitionOf(options.region),
    })
  if (transforms.includes(SERVERLESS)) {
    const partition = partitionOf(options.region)
    const own = new Map<string, unknown>([
      ...values,
      ['AWS::Region', options.region],
      ['AWS::Partition', partition],
    ])
    const expanded = expandServerless(template, { ...options, values: own })
    template = expanded.template
    origin = expanded.origin
  }
  if (transforms.length === 0) return { template, transforms, origin }
  const { Transform: _, ...rest } = template
  return { template: rest, transforms, origin }
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/** AWS: transform-aws-languageextensions.html, LanguageExtensions before Serverless. */
function refuseOthers(parsed: Section, transforms: readonly string[]): void {
  const nested = transformWithin(parsed)
  if (nested) throw unknownTransform(nested.name, nested.path)
  for (const name of transforms) if (!KNOWN.includes(name)) throw unknownTransform(name, ['Transform'])
  const order = transforms.map((name) => KNOWN.indexOf(name))
  if (order.some((one, index) => index > 0 && one < order[index - 1]!))
    throw templateFault(
      `Template error: the transform ${LANGUAGE_EXTENSIONS} must be listed before ${SERVERLESS}`,
      ['Transform'],
      `write Transform: [${KNOWN.join(', ')}]`,
    )
}

const unknownTransform = (name: string, path: TemplatePath): TemplateFault =>
  new TemplateFault(`The embedded cloud does not support the transform ${name}.`, {
    path,
    by: 'crossdock',
    fix: 'give the template as AWS processes it: aws cloudformation get-template --template-stage Processed',
  })

/** Gives the first Fn::Transform, which AWS carries out before the transforms of the whole template. */
function transformWithin(
  value: unknown,
  path: TemplatePath = [],
): { name: string; path: TemplatePath } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key]
    if (key === 'Fn::Transform')
      return {
        name: String((inner as Section | null)?.Name ?? (inner as Section[])?.[0]?.Name ?? ''),
        path: place,
      }
    const found = transformWithin(inner, place)
    if (found) return found
  }
  return undefined
}

/** Defaults stand for what is not given; that of an SSM parameter's name is no value. */
function valuesOf(parsed: Section, { parameters }: ProcessOptions): Map<string, string> {
  const declared = Object.entries(
    (parsed.Parameters ?? {}) as Record<string, { Type?: unknown; Default?: unknown }>,
  )
  const defaults = declared.flatMap(([name, one]): [string, string][] =>
    one?.Default === undefined || storedType(String(one.Type)) ? [] : [[name, String(one.Default)]],
  )
  return new Map([...defaults, ...parameters])
}
