/** What S3 Block Public Access calls a public policy. */
import type { PolicyDocument, PolicyStatement } from '../model/index.ts'
import { parseRange } from './conditions/ip-address.ts'
import { listOf, principalLists, readDocument, statementsOf } from './read-document.ts'

/** Keys that make a grant to everyone a grant to somebody, when their values are fixed. */
const LIMITING_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
])

/** Operators that hold only when the key is there and equals a value. */
const LIMITING_OPERATOR =
  /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i

/**
 * Tells whether a bucket policy is public.
 *
 * AWS: a policy is public unless every Allow is limited to fixed values, without wildcards and policy variables, of
 * a principal or of one of the limiting condition keys; a range of addresses limits unless it is broader than /8
 * (IPv4) or /32 (IPv6).
 */
export function isPublic(document: PolicyDocument | string): boolean {
  return statementsOf(readDocument(document)).some(isPublicStatement)
}

function isPublicStatement(statement: PolicyStatement): boolean {
  if (statement.Effect !== 'Allow') return false
  if (statement.NotPrincipal === undefined && !namesEveryone(statement)) return false
  return !Object.entries(statement.Condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) =>
      limits(operator, key.toLowerCase(), listOf(values).map(String)),
    ),
  )
}

function namesEveryone({ Principal: principal }: PolicyStatement): boolean {
  if (principal === undefined) return true
  const lists = principalLists(principal)
  return [...lists.AWS, ...lists.Service, ...lists.Federated].some((name) => name.includes('*'))
}

function limits(operator: string, key: string, values: readonly string[]): boolean {
  if (values.length === 0) return false
  if (key === 'aws:sourceip')
    return /^(?:ForAnyValue:)?IpAddress$/i.test(operator) && values.every(isNarrowRange)
  if (!LIMITING_KEYS.has(key) || !LIMITING_OPERATOR.test(operator)) return false
  return values.every((value) => isFixed(key, value))
}

function isFixed(key: string, value: string): boolean {
  if (key === 's3:dataaccesspointarn') return /^arn:[\w-]+:s3:[^:*?$]*:\d{12}:accesspoint\/[^$]*$/.test(value)
  if (key === 'aws:userid') return /^A[A-Z0-9]{15,}(?::[^?$]*)?$/.test(value) || !/[*?$]/.test(value)
  return !/[*?]|\$\{/.test(value)
}

const PRIVATE_RANGES = [/^10\./, /^172\.(1[6-9]|2\d|3[01])\./, /^192\.168\./]

function isNarrowRange(value: string): boolean {
  const range = parseRange(value)
  if (!range) return false
  if (range.bytes.length === 16) return range.prefix >= 32
  return range.prefix >= 8 || PRIVATE_RANGES.some((pattern) => pattern.test(value))
}
