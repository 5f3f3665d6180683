/** Reads a policy document from JSON or from an object and refuses what is no policy. */
import {
  type OneOrMany,
  type PolicyDocument,
  type PolicyPrincipal,
  type PolicyStatement,
  readJson,
} from '../model/index.ts'
import { PolicySyntaxError } from './policy-syntax-error.ts'

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement']
const STATEMENT_ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser']
const VERSIONS = ['2012-10-17', '2008-10-17']

/** Gives a list for one value or many. */
export const listOf = <T>(value: OneOrMany<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** Gives the document; throws PolicySyntaxError naming the statement and the element at fault. */
export function readDocument(source: PolicyDocument | string): PolicyDocument {
  const document: unknown = typeof source === 'string' ? parseJson(source) : source
  if (!isObject(document)) throw new PolicySyntaxError('A policy document must be a JSON object')
  refuseUnknown(document, DOCUMENT_ELEMENTS, 'the policy document')
  const { Version: version, Statement: statement } = document
  if (version !== undefined && !VERSIONS.includes(version as string))
    throw new PolicySyntaxError(
      `Version must be "2012-10-17" or "2008-10-17", not ${JSON.stringify(version)}`,
    )
  if (statement === undefined) throw new PolicySyntaxError('The policy document has no Statement')
  listOf(statement as OneOrMany<unknown>).forEach(checkStatement)
  return document as unknown as PolicyDocument
}

function parseJson(text: string): unknown {
  try {
    return readJson(text)
  } catch (error) {
    throw new PolicySyntaxError(`The policy document is not JSON: ${(error as Error).message}`)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function refuseUnknown(value: Record<string, unknown>, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PolicySyntaxError(`Unknown element "${unknown}"`, ` in ${where}`)
}

/** Names a statement for a message: its Sid, or its place counted from 1. */
export const statementName = (statement: { Sid?: unknown }, index: number): string =>
  typeof statement.Sid === 'string' && statement.Sid
    ? `statement "${statement.Sid}"`
    : `statement ${index + 1}`

function checkStatement(value: unknown, index: number): void {
  if (!isObject(value)) throw new PolicySyntaxError(`Statement ${index + 1} must be a JSON object`)
  const where = statementName(value, index)
  refuseUnknown(value, STATEMENT_ELEMENTS, where)
  if (value.Effect !== 'Allow' && value.Effect !== 'Deny')
    throw new PolicySyntaxError(
      `Effect must be "Allow" or "Deny" in ${where}, not ${JSON.stringify(value.Effect) ?? 'missing'}`,
    )
  if (value.Sid !== undefined && typeof value.Sid !== 'string')
    throw new PolicySyntaxError('Sid must be text', ` in ${where}`)
  exactlyOne(value, 'Action', 'NotAction', where)
  if (value.Principal === undefined && value.NotPrincipal === undefined)
    exactlyOne(value, 'Resource', 'NotResource', where)
  else atMostOne(value, 'Resource', 'NotResource', where)
  atMostOne(value, 'Principal', 'NotPrincipal', where)
  for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) checkTexts(value[name], name, where)
  for (const name of ['Principal', 'NotPrincipal']) checkPrincipal(value[name], name, where)
  checkCondition(value.Condition, where)
}

function atMostOne(value: Record<string, unknown>, one: string, other: string, where: string): void {
  if (value[one] !== undefined && value[other] !== undefined)
    throw new PolicySyntaxError(`${where} has both ${one} and ${other}; only one may stand`)
}

function exactlyOne(value: Record<string, unknown>, one: string, other: string, where: string): void {
  atMostOne(value, one, other, where)
  if (value[one] === undefined && value[other] === undefined)
    throw new PolicySyntaxError(`${where} has neither ${one} nor ${other}`)
}

function checkTexts(value: unknown, name: string, where: string): void {
  if (value === undefined) return
  if (!listOf(value as OneOrMany<unknown>).every((item) => typeof item === 'string'))
    throw new PolicySyntaxError(`${name} must be text or a list of texts`, ` in ${where}`)
}

function checkPrincipal(value: unknown, name: string, where: string): void {
  if (value === undefined || value === '*') return
  if (!isObject(value))
    throw new PolicySyntaxError(`${name} must be "*" or an object such as {"AWS": …}`, ` in ${where}`)
  refuseUnknown(value, PRINCIPAL_KINDS, `${name} of ${where}`)
  for (const [kind, names] of Object.entries(value)) checkTexts(names, `${name}.${kind}`, where)
}

function checkCondition(value: unknown, where: string): void {
  if (value === undefined) return
  if (!isObject(value)) throw new PolicySyntaxError('Condition must be an object', ` in ${where}`)
  for (const [operator, keys] of Object.entries(value)) {
    if (!isObject(keys))
      throw new PolicySyntaxError(`"${operator}" must map condition keys to values`, ` in ${where}`)
    for (const [key, wanted] of Object.entries(keys))
      if (!listOf(wanted as OneOrMany<unknown>).every(isScalar))
        throw new PolicySyntaxError(
          `The values of "${key}" under "${operator}" must be texts`,
          ` in ${where}`,
        )
  }
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

/** Gives the statements of a document as a list. */
export const statementsOf = (document: PolicyDocument): readonly PolicyStatement[] =>
  listOf(document.Statement)

/** Gives the names in a principal element by kind; `*` counts as an AWS principal. */
export function principalLists(principal: PolicyPrincipal): Record<PrincipalKind, readonly string[]> {
  const kinds = principal === '*' ? { AWS: '*' } : principal
  return {
    AWS: listOf(kinds.AWS),
    Service: listOf((kinds as Exclude<PolicyPrincipal, '*'>).Service),
    Federated: listOf((kinds as Exclude<PolicyPrincipal, '*'>).Federated),
    CanonicalUser: listOf((kinds as Exclude<PolicyPrincipal, '*'>).CanonicalUser),
  }
}

export type PrincipalKind = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'
