/** Schema of tags. */
import * as z from 'zod/mini'

/** AWS: keys of at most 128 characters that do not begin with `aws:`, values of at most 256. */
const key = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(128),
    z.regex(/^(?!aws:|crossdock:)/i, 'must not begin with aws: or crossdock:, which AWS and Crossdock give'),
  )

export const tagsSchema = z._default(z.record(key, z.string().check(z.maxLength(256))), {})
