/** S3 Block Public Access: what RestrictPublicBuckets takes away. */
import { programOf } from '../compile.ts'
import { NAMED } from '../match-principal.ts'
import { isPublic } from '../public-policy.ts'
import type { ServiceRule } from './service-rule.ts'

const known = new WeakMap<object, boolean>()

function hasPublicPolicy(document: Parameters<typeof isPublic>[0] & object): boolean {
  let answer = known.get(document)
  if (answer === undefined) {
    answer = isPublic(document)
    known.set(document, answer)
  }
  return answer
}

/**
 * AWS: with RestrictPublicBuckets a single public statement ends all access from outside the account, also what
 * other statements give to fixed accounts; AWS services and the owner's own principals keep theirs.
 */
export const s3BlockPublicAccess: ServiceRule = {
  name: 'S3 Block Public Access',
  service: 's3',
  appliesTo: ({ request, caller, resourceAccount }) =>
    request.publicAccessBlock?.restrictPublicBuckets === true &&
    caller.kind !== 'service' &&
    (caller.kind === 'anonymous' || caller.account !== resourceAccount),
  adjust: (verdict, { request }) => {
    if (!request.resourcePolicy || !hasPublicPolicy(programOf(request.resourcePolicy).document)) return
    verdict.allow = undefined
    verdict.named = NAMED.not
  },
}
