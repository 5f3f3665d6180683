/** A GitHub repository as a source, through a connection. */
import * as z from 'zod/mini'
import { connectionFields, expandConnectionSource, oneTrigger } from './connection-source.ts'
import { repositoryPath } from './repository-path.ts'
import { sourceKind } from './source-kind.ts'

export const github = sourceKind({
  key: 'github',
  schema: z
    .strictObject({
      github: repositoryPath('flat').check(
        z.describe('owner/repository on GitHub → CodeStarSourceConnection'),
      ),
      ...connectionFields,
    })
    .check(oneTrigger()),
  branches: 'git',
  branch: (source) => source.branch,
  repository: ({ github: path, ...source }) => ({ provider: 'GitHub', path, ...source }),
  expand: (source, scope) => expandConnectionSource(source.github, 'GitHub', source, scope),
})
