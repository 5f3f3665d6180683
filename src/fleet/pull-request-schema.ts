/** Schema of what is built of pull requests, beside the pipeline. */
import * as z from 'zod/mini'
import { overBuild, secretsKey } from './build-schema.ts'
import { globs } from './sources/connection-source.ts'

export const pullRequestSchema = z.union([
  z.literal(true),
  z.strictObject({
    branches: z
      .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
      .check(
        z.describe(
          'globs of the branches that a request wants to change; the branch of the pipeline without it → BASE_REF filters',
        ),
      ),
    paths: z
      .optional(globs)
      .check(z.describe('globs of changed files; those of the source without it → FILE_PATH filters')),
    build: z.optional(overBuild).check(z.describe('keys put over those of the only `build` of the pipeline')),
    secrets: secretsKey.check(
      z.describe(
        'environment variables from Secrets Manager; those of the pipeline are not given to requests → of type SECRETS_MANAGER',
      ),
    ),
    forks: z
      ._default(z.enum(['comment']), 'comment')
      .check(
        z.describe(
          'requests of forks are built when a maintainer says so in a comment → PullRequestBuildPolicy',
        ),
      ),
  }),
])
export type PullRequestFile = z.output<typeof pullRequestSchema>
