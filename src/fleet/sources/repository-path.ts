/** How repositories of other hosts are written. */
import * as z from 'zod/mini'

/** A schema for `owner/repository`; `depth` allows groups inside groups. */
export const repositoryPath = (depth: 'flat' | 'nested') =>
  z
    .string()
    .check(
      z.regex(
        depth === 'flat' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(\/[\w.-]+)+$/,
        'must be written owner/repository',
      ),
    )
