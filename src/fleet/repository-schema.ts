/** Schema of CodeCommit repositories that a fleet makes in its hub. */
import * as z from 'zod/mini'
import type { SourceLocation } from '../model/index.ts'
import type { FleetDocument } from './document.ts'

/** AWS: letters, digits, dots, hyphens and underscores, at most 100, and no `.git` at the end. */
const name = z
  .string()
  .check(
    z.regex(
      /^(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/,
      'must be letters, digits and . _ -, at most 100, without .git at its end',
    ),
  )

const MIRROR = /^gitlab [A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/

const repositorySchema = z.nullable(
  z.strictObject({
    description: z
      .optional(z.string().check(z.minLength(1), z.maxLength(1000)))
      .check(z.describe('what it is for → RepositoryDescription')),
    mirror: z
      .optional(
        z.string().check(z.regex(MIRROR, 'must be `gitlab` and the path of a project: gitlab group/project')),
      )
      .check(
        z.describe(
          'project that pushes its commits here → an IAM user that may pull and push this repository and nothing else',
        ),
      ),
  }),
)

export const repositoriesSchema = z._default(z.record(name, repositorySchema), {})

export interface FleetRepository {
  readonly name: string
  readonly location: SourceLocation
  readonly description?: string
  /** `gitlab group/project`. */
  readonly mirror?: string
}

export const resolveRepositories = (
  file: z.output<typeof repositoriesSchema>,
  document: FleetDocument,
): FleetRepository[] =>
  Object.entries(file).map(([of, repository]) => ({
    name: of,
    location: document.locateKey(['repositories', of]),
    ...repository,
  }))
