/** A Bitbucket repository as a source, through a connection. */
import { z } from 'zod'
import { connectionFields, expandConnectionSource, repositoryPath } from './connection-source.ts'
import { sourceKind } from './source-kind.ts'

export const bitbucket = sourceKind({
  key: 'bitbucket',
  schema: z.strictObject({
    bitbucket: repositoryPath('flat').describe(
      'workspace/repository on Bitbucket → CodeStarSourceConnection',
    ),
    ...connectionFields,
  }),
  branch: (source) => source.branch,
  expand: (source, scope) => expandConnectionSource(source.bitbucket, 'Bitbucket', source, scope),
})
