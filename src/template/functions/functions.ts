/** The intrinsic functions, one entry each: what their arguments must look like, and what they give. */

import { evaluateCondition } from '../evaluate/conditions.ts'
import { KNOWN_AFTER_APPLY, NO_VALUE, reference, resolve, type Scope } from '../evaluate/resolve.ts'
import { templateFault } from '../read/template-fault.ts'
import { cidrBlocks } from './cidr.ts'
import { substitute } from './substitute.ts'

export interface IntrinsicFunction {
  /** What is wrong with the arguments as they stand in the template, in AWS's words. */
  check?(argument: unknown): string | undefined
  apply(argument: unknown, scope: Scope): unknown
}
export type Functions = Readonly<Record<string, IntrinsicFunction>>

const isPair = (value: unknown, length = 2): value is unknown[] =>
  Array.isArray(value) && value.length === length
const isKnownLater = (value: unknown): boolean =>
  typeof value === 'string' && value.includes(KNOWN_AFTER_APPLY)

/** Gives a scalar as the text that CloudFormation makes of it. Errors: ValidationError for maps and lists. */
export function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw templateFault(`Template error: ${where} must be a string`)
}

const JOIN =
  'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.'
const SELECT =
  'Template error: Fn::Select requires a list argument with two elements: an integer index and a list'
const SPLIT =
  'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.'
const FIND =
  'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value'

const condition = (name: string, least: number, most: number): IntrinsicFunction => ({
  check: (argument) =>
    Array.isArray(argument) && argument.length >= least && argument.length <= most
      ? undefined
      : `Template error: every ${name} object requires a list of ${least === most ? least : `at least ${least} and at most ${most}`} ${name === 'Fn::Equals' ? 'string' : 'boolean'} parameters.`,
  apply: (argument, scope) => evaluateCondition({ [name]: argument }, scope),
})

export const functions = {
  Ref: {
    check: (argument) =>
      typeof argument === 'string'
        ? undefined
        : 'Template format error: every Ref object must have a single String value.',
    apply: (argument, scope) => reference(argument as string, scope),
  },
  'Fn::GetAtt': {
    check: (argument) => {
      const parts = typeof argument === 'string' ? argument.split('.') : argument
      return Array.isArray(parts) && parts.length >= 2 && typeof parts[0] === 'string'
        ? undefined
        : 'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute'
    },
    apply: (argument, scope) => {
      const [logicalId, name] = attributeOf(argument)
      return scope.attribute(logicalId, text(resolve(name, scope), 'the attribute of Fn::GetAtt'))
    },
  },
  'Fn::Sub': {
    check: (argument) =>
      typeof argument === 'string' ||
      (isPair(argument) && typeof argument[0] === 'string' && isMap(argument[1]))
        ? undefined
        : "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    apply: substitute,
  },
  'Fn::Join': {
    check: (argument) =>
      isPair(argument) &&
      typeof argument[0] === 'string' &&
      (Array.isArray(argument[1]) || isMap(argument[1]))
        ? undefined
        : JOIN,
    apply: (argument, scope) => {
      const [delimiter, list] = argument as [string, unknown]
      const items = resolve(list, scope)
      if (isKnownLater(items)) return KNOWN_AFTER_APPLY
      if (!Array.isArray(items)) throw templateFault(JOIN)
      return items.map((item) => text(item, 'every item of Fn::Join')).join(delimiter)
    },
  },
  'Fn::Select': {
    check: (argument) => (isPair(argument) ? undefined : SELECT),
    apply: (argument, scope) => {
      const [index, list] = resolve(argument, scope) as unknown[]
      if (isKnownLater(list)) return KNOWN_AFTER_APPLY
      if (!Array.isArray(list) || !/^\d+$/.test(String(index))) throw templateFault(SELECT)
      const item = list[Number(index)]
      if (item !== undefined) return item
      if (list.some(isKnownLater)) return KNOWN_AFTER_APPLY
      throw templateFault(`Template error: Fn::Select cannot select nonexistent value at index ${index}`)
    },
  },
  'Fn::Split': {
    check: (argument) => (isPair(argument) && typeof argument[0] === 'string' ? undefined : SPLIT),
    apply: (argument, scope) => {
      const [delimiter, source] = argument as [string, unknown]
      const whole = resolve(source, scope)
      if (typeof whole !== 'string') throw templateFault(SPLIT)
      return whole.split(delimiter)
    },
  },
  'Fn::If': {
    check: (argument) =>
      isPair(argument, 3) && typeof argument[0] === 'string'
        ? undefined
        : 'Template error: every Fn::If object requires a list of 3 parameters: a condition name, a value if true and a value if false.',
    apply: (argument, scope) => {
      const [name, whenTrue, whenFalse] = argument as [string, unknown, unknown]
      return resolve(scope.condition(name) ? whenTrue : whenFalse, scope)
    },
  },
  'Fn::Equals': condition('Fn::Equals', 2, 2),
  'Fn::And': condition('Fn::And', 2, 10),
  'Fn::Or': condition('Fn::Or', 2, 10),
  'Fn::Not': condition('Fn::Not', 1, 1),
  'Fn::FindInMap': {
    check: (argument) => (isPair(argument, 3) || isPair(argument, 4) ? undefined : FIND),
    apply: findInMap,
  },
  'Fn::ImportValue': {
    apply: (argument, scope) =>
      scope.importValue(text(resolve(argument, scope), 'the name of Fn::ImportValue')),
  },
  'Fn::Base64': {
    apply: (argument, scope) => {
      const plain = text(resolve(argument, scope), 'every Fn::Base64 object')
      return isKnownLater(plain) ? plain : Buffer.from(plain).toString('base64')
    },
  },
  'Fn::GetAZs': {
    apply: (argument, scope) => {
      const region = text(resolve(argument, scope), 'the region of Fn::GetAZs') || scope.region
      return ['a', 'b', 'c'].map((zone) => `${region}${zone}`)
    },
  },
  'Fn::Cidr': {
    check: (argument) =>
      isPair(argument) || isPair(argument, 3)
        ? undefined
        : 'Template error: every Fn::Cidr object requires two or three parameters, an IP block, a count and the number of CIDR bits.',
    apply: (argument, scope) => {
      const [block, count, bits] = resolve(argument, scope) as unknown[]
      return isKnownLater(block)
        ? KNOWN_AFTER_APPLY
        : cidrBlocks(text(block, 'the IP block of Fn::Cidr'), Number(count), Number(bits ?? 8))
    },
  },
  'Fn::Length': {
    apply: (argument, scope) => {
      const list = resolve(argument, scope)
      if (!Array.isArray(list)) throw templateFault('Template error: Fn::Length requires a list.')
      return list.length
    },
  },
  'Fn::ToJsonString': { apply: (argument, scope) => JSON.stringify(resolve(argument, scope)) },
} satisfies Functions

/** Gives the logical id and the attribute that an `Fn::GetAtt` names. */
export function attributeOf(argument: unknown): [logicalId: string, name: unknown] {
  if (Array.isArray(argument)) {
    const [logicalId, ...rest] = argument
    return [logicalId as string, rest.length === 1 ? rest[0] : rest.join('.')]
  }
  const dot = (argument as string).indexOf('.')
  return [(argument as string).slice(0, dot), (argument as string).slice(dot + 1)]
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, first, second, options] = argument as unknown[]
  const [name, key, attribute] = [map, first, second].map((part) =>
    text(resolve(part, scope), 'every key of Fn::FindInMap'),
  )
  const mapping = scope.mappings[name!]
  const found = mapping?.[key!]?.[attribute!]
  if (found !== undefined) return found
  if (isMap(options) && 'DefaultValue' in options) {
    const value = resolve(options.DefaultValue, scope)
    if (value !== NO_VALUE) return value
  }
  if (!mapping)
    throw templateFault(
      `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`,
    )
  throw templateFault(`Template error: Unable to get mapping for ${name}::${key}::${attribute}`)
}
