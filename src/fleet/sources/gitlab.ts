/** A GitLab repository as a source, through a connection. */
import * as z from 'zod/mini'
import { connectionFields, expandConnectionSource, oneTrigger } from './connection-source.ts'
import { repositoryPath } from './repository-path.ts'
import { sourceKind } from './source-kind.ts'

export const gitlab = sourceKind({
  key: 'gitlab',
  schema: z
    .strictObject({
      gitlab: repositoryPath('nested').check(
        z.describe('group/project on GitLab → CodeStarSourceConnection'),
      ),
      ...connectionFields,
    })
    .check(oneTrigger()),
  branches: 'git',
  branch: (source) => source.branch,
  repository: ({ gitlab: path, ...source }) => ({ provider: 'GitLab', path, ...source }),
  expand: (source, scope) => expandConnectionSource(source.gitlab, 'GitLab', source, scope),
})
