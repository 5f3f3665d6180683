/** Stack parameters that name a parameter of SSM: read when the stack's values are bound. */

import type { Template } from '../../../../model/index.ts'
import { type BoundParameter, isKnownLater, storedType } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { validationError } from './validation-error.ts'

/** AWS: parameters of type `AWS::SSM::Parameter::Value<…>` are read from the stack's own account and region. */
export async function fetchStored(
  bound: BoundParameter[],
  { Parameters: declared = {} }: Template,
  ctx: Context,
): Promise<BoundParameter[]> {
  const isStored = (one: BoundParameter) =>
    storedType(declared[one.key]!.Type) !== undefined && !isKnownLater(one.value)
  const wanted = bound.filter(isStored)
  if (wanted.length === 0) return bound
  const names = [...new Set(wanted.map((one) => one.value))]
  const found = new Map<string, { Type?: string; Value?: string }>()
  for (let start = 0; start < names.length; start += 10) {
    const { Parameters } = await ctx.call('ssm', 'GetParameters', { Names: names.slice(start, start + 10) })
    for (const one of Parameters ?? []) {
      found.set(one.Name!, one)
      if (one.ARN) found.set(one.ARN, one)
    }
  }
  const lacking = names.filter((name) => !found.has(name))
  if (lacking.length > 0)
    throw validationError(
      `Unable to fetch parameters [${lacking.join(',')}] from parameter store for this account.`,
    )
  const secure = names.filter((name) => found.get(name)?.Type === 'SecureString')
  if (secure.length > 0)
    throw validationError(
      `Parameters [${secure.join(',')}] referenced by template have types not supported by CloudFormation.`,
    )
  return bound.map((one) =>
    isStored(one) ? { ...one, resolvedValue: found.get(one.value)?.Value ?? '' } : one,
  )
}
