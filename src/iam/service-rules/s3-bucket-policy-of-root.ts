/** The bucket owner's root user can always mend a bucket policy. */
import type { ServiceRule } from './service-rule.ts'

/** AWS: a bucket policy cannot deny the owner's root user its own reading, writing and deleting. */
export const s3BucketPolicyOfRoot: ServiceRule = {
  name: 'Bucket policies stay with the root user',
  service: 's3',
  actions: new Set(['getbucketpolicy', 'putbucketpolicy', 'deletebucketpolicy']),
  appliesTo: ({ caller, resourceAccount }) => caller.kind === 'root' && caller.account === resourceAccount,
  adjust: (verdict) => {
    verdict.deny = undefined
  },
}
