/** A CodeCommit repository of the hub account as a source. */
import * as z from 'zod/mini'
import { formatArn } from '../../model/index.ts'
import { provider } from '../../pipeline/index.ts'
import { clone, outputFormat } from './connection-source.ts'
import { sourceKind } from './source-kind.ts'

export const codecommit = sourceKind({
  key: 'codecommit',
  schema: z.strictObject({
    codecommit: z
      .string()
      .check(
        z.regex(/^[\w.-]{1,100}$/, 'must be the name of a repository'),
        z.describe(
          'repository in the hub account and region → a source action, and a rule whose events start the pipeline',
        ),
      ),
    branch: z
      ._default(z.string().check(z.minLength(1)), 'main')
      .check(z.describe('branch whose commits start the pipeline')),
    clone,
  }),
  branches: 'aws',
  branch: (source) => source.branch,
  expand: ({ codecommit: repository, branch, clone: how }, { action, namespace, output, hub, starts }) => ({
    ...(starts && {
      startedBy: {
        source: ['aws.codecommit'],
        'detail-type': ['CodeCommit Repository State Change'],
        resources: [formatArn('codecommit', hub.region, hub.account, repository)],
        detail: {
          event: ['referenceCreated', 'referenceUpdated'],
          referenceType: ['branch'],
          referenceName: [branch],
        },
      },
    }),
    action: {
      name: action,
      actionTypeId: provider.codeCommit.type,
      configuration: {
        RepositoryName: repository,
        BranchName: branch,
        PollForSourceChanges: 'false',
        ...outputFormat(how),
      },
      outputArtifacts: [{ name: output }],
      namespace,
    },
  }),
})
