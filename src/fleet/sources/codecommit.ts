/** A CodeCommit repository as a source: of the hub account, or of an environment's. */
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
          'repository in the hub’s region → a source action, and a rule whose events start the pipeline',
        ),
      ),
    branch: z
      ._default(z.string().check(z.minLength(1)), 'main')
      .check(z.describe('branch whose commits start the pipeline')),
    environment: z
      .optional(z.string().check(z.minLength(1)))
      .check(
        z.describe(
          'environment whose account has it, the hub without it → a role there, and a rule that sends its events to the hub',
        ),
      ),
    clone,
  }),
  branches: 'aws',
  branch: (source) => source.branch,
  environment: (source) => source.environment,
  expand: ({ codecommit: repository, branch, clone: how }, scope) => {
    const { account, role } = scope.owner ?? { account: scope.hub.account, role: undefined }
    return {
      ...(scope.starts && {
        startedBy: {
          source: ['aws.codecommit'],
          'detail-type': ['CodeCommit Repository State Change'],
          resources: [formatArn('codecommit', scope.hub.region, account, repository)],
          detail: {
            event: ['referenceCreated', 'referenceUpdated'],
            referenceType: ['branch'],
            referenceName: [branch],
          },
        },
      }),
      action: {
        name: scope.action,
        actionTypeId: provider.codeCommit.type,
        configuration: {
          RepositoryName: repository,
          BranchName: branch,
          PollForSourceChanges: 'false',
          ...outputFormat(how),
        },
        outputArtifacts: [{ name: scope.output }],
        ...(role !== undefined && { roleArn: role }),
        namespace: scope.namespace,
      },
    }
  },
})
