/** A template file named on the command line, with parameter values behind it. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import {
  entryOf,
  FleetError,
  javaPattern,
  nearest,
  PatternError,
  type TemplateParameter,
} from '../model/index.ts'
import {
  type ProcessPlace,
  placeOfFault,
  readDocument,
  type TemplateDocument,
  TemplateFault,
} from '../template/index.ts'
import { UsageError } from './command.ts'

export interface TemplateFile extends TemplateDocument {
  readonly file: string
}

/**
 * Gives the template in a file, its loops written out with the values that its parameters are given.
 * Errors: UsageError without such a file, FleetError where it is no template.
 */
export function templateFile(
  file: string,
  values: Readonly<Record<string, string>>,
  place?: ProcessPlace,
): TemplateFile {
  return { file, ...templateText(textOf(file), file, values, place) }
}

/** Gives the template that the text of a file is. Errors: FleetError with the place and the fix. */
export function templateText(
  text: string,
  file: string,
  values: Readonly<Record<string, string>> = {},
  place?: ProcessPlace,
): TemplateDocument {
  try {
    return readDocument(text, values, place)
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    const { message, told = message, fix } = error
    throw new FleetError(told, { location: { file, ...placeOfFault(text, error) }, fix })
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name the template in it`)
    if (code !== 'ENOENT') throw new UsageError(message)
    throw new UsageError(
      `there is no file ${file}${suggestion(nearest(basename(file), namesIn(dirname(file))))}`,
    )
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** `; did you mean "x"?` */
export const suggestion = (meant: string | undefined): string => (meant ? `; did you mean "${meant}"?` : '')

/**
 * Refuses values that CloudFormation would refuse. Errors: FleetError at the parameter.
 * AWS: values for parameters that the template lacks, and values that its AllowedValues or AllowedPattern rule out.
 */
export function checkValues(
  { file, template, placeOf }: TemplateFile,
  values: Readonly<Record<string, string>>,
): void {
  const { Parameters = {} } = template
  const names = Object.keys(Parameters)
  for (const [name, value] of Object.entries(values)) {
    const location = (path: readonly string[]) => ({ file, ...placeOf(path) })
    const parameter = entryOf(Parameters, name)
    // A resource's physical id, which only the deployment knows.
    if (!parameter && Object.hasOwn(template.Resources, name)) continue
    if (!parameter) {
      const meant = nearest(name, names)
      const fix = names.length ? `name one of ${names.join(', ')}` : 'leave the value out: it has none'
      throw new FleetError(`the template has no parameter ${name}`, {
        location: location(['Parameters']),
        fix: meant ? `write ${meant}=…` : fix,
      })
    }
    const fix = refusal(parameter, value)
    if (fix)
      throw new FleetError(`the parameter ${name} does not take "${value}"`, {
        location: location(['Parameters', name]),
        fix,
      })
  }
}

/** What to give instead of a value that a parameter does not take. */
function refusal(
  { Type, AllowedValues, AllowedPattern }: TemplateParameter,
  value: string,
): string | undefined {
  const isList = Type === 'CommaDelimitedList' || String(Type).startsWith('List<')
  const items = isList ? value.split(',').map((one) => one.trim()) : [value]
  const allowed = AllowedValues?.map(String)
  if (allowed && !items.every((one) => allowed.includes(one))) return `give one of ${allowed.join(', ')}`
  if (AllowedPattern === undefined) return undefined
  return items.every((one) => mayMatch(AllowedPattern, one))
    ? undefined
    : `give what matches ${AllowedPattern}`
}

/** AWS: the pattern is one of Java's and must match the whole value; one that cannot be used here is left to AWS. */
function mayMatch(pattern: string, value: string): boolean {
  try {
    return javaPattern(pattern).matchesWholeNow(value)
  } catch (error) {
    if (error instanceof PatternError) return true
    throw error
  }
}

/** Reads `Name=value` parts; one without a name goes on with the value before it, as the items of lists do. */
export function valuesOf(parts: readonly string[], refuse: (part: string) => never): Record<string, string> {
  const values: Record<string, string> = {}
  let last: string | undefined
  for (const part of parts) {
    const [, name, value = ''] = /^([A-Za-z0-9]+)=(.*)$/s.exec(part) ?? []
    if (name) values[name] = value
    else if (last !== undefined) values[last] += `,${part}`
    else refuse(part)
    last = name ?? last
  }
  return values
}
