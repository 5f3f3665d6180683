/** Schema of a region's name. */
import * as z from 'zod/mini'
import { regionDoubt } from '../model/index.ts'

/** Takes what AWS has, and what it may have by now: that is warned of when the stacks are made. */
export const region = z.string().check(
  z.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'must be a region, us-east-1 for example'),
  z.superRefine((name, check) => {
    const doubt = regionDoubt(name)
    if (doubt?.kind !== 'none') return
    const fix = doubt.meant ? `write \`${doubt.meant}\`` : 'write a region of AWS, us-east-1 for example'
    check.addIssue({ code: 'custom', message: `${name} is no region of AWS`, params: { fix } })
  }),
)
