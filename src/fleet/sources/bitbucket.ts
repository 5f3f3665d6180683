/** A Bitbucket repository as a source, through a connection. */
import * as z from 'zod/mini'
import { connectionFields, expandConnectionSource, oneTrigger } from './connection-source.ts'
import { repositoryPath } from './repository-path.ts'
import { sourceKind } from './source-kind.ts'

export const bitbucket = sourceKind({
  key: 'bitbucket',
  schema: z
    .strictObject({
      bitbucket: repositoryPath('flat').check(
        z.describe('workspace/repository on Bitbucket → CodeStarSourceConnection'),
      ),
      ...connectionFields,
    })
    .check(oneTrigger()),
  branches: 'git',
  branch: (source) => source.branch,
  repository: ({ bitbucket: path, ...source }) => ({ provider: 'Bitbucket', path, ...source }),
  expand: (source, scope) => expandConnectionSource(source.bitbucket, 'Bitbucket', source, scope),
})
