/** A GitLab repository as a source, through a connection. */
import * as z from 'zod/mini'
import { connectionFields, expandConnectionSource, repositoryPath } from './connection-source.ts'
import { sourceKind } from './source-kind.ts'

export const gitlab = sourceKind({
  key: 'gitlab',
  schema: z.strictObject({
    gitlab: repositoryPath('nested').check(z.describe('group/project on GitLab → CodeStarSourceConnection')),
    ...connectionFields,
  }),
  branches: 'git',
  branch: (source) => source.branch,
  expand: (source, scope) => expandConnectionSource(source.gitlab, 'GitLab', source, scope),
})
