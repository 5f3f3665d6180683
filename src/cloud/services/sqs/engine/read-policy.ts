/** The policy of a queue. */
import { validate } from '../../../../iam/index.ts'
import { AwsError, readJson } from '../../../../model/index.ts'
import { type BoundPolicy, bindPolicy, unknownPrincipal } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { badAttribute } from './refuse.ts'

/** Errors: InvalidAttributeValue. AWS: principals must exist. */
export function readPolicy(ctx: Context, arn: string, text: string): BoundPolicy {
  let document: unknown
  try {
    document = readJson(text)
  } catch {
    throw badAttribute('Policy')
  }
  const [problem] = validate(document as never, 'resource')
  if (problem)
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter Policy. ${problem} (${arn})`)
  if (unknownPrincipal(document as never, ctx.cloud.directory) !== undefined) throw badAttribute('Policy')
  return bindPolicy(text, ctx.cloud.directory)
}
